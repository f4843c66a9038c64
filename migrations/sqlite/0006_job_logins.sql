-- A job ends the logins that were open when it was made: they are written down with it.

CREATE TABLE job_logins (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    login TEXT NOT NULL,
    PRIMARY KEY (job, number)
) STRICT, WITHOUT ROWID;

-- The number of the last of them that was taken; NULL in a job that has no list yet.
ALTER TABLE jobs ADD COLUMN position INTEGER;
