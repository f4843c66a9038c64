-- Why a parameter was changed, in the words of the administrator; empty without a note.
ALTER TABLE parameter_changes ADD COLUMN note TEXT NOT NULL DEFAULT '';
-- Until now Intra-cluster Maximum Login Time was 0, unlimited, where nothing was stored. From now on it is 8:00 there:
-- a cluster that enforces the time keeps what it has. Where the time is not enforced, its value applies to nothing.
INSERT INTO service_parameters (name, value)
    SELECT 'Intra-cluster Maximum Login Time', '0'
     WHERE EXISTS (SELECT * FROM service_parameters
                    WHERE name = 'Enforce Intra-cluster Maximum Login Time' AND value = 'True')
        ON CONFLICT (name) DO NOTHING;
