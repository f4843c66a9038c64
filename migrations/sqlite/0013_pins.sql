-- The rules for PINs that users choose; by default every PIN is taken.
ALTER TABLE configuration ADD COLUMN pin_min_length      INTEGER NOT NULL DEFAULT 1;
ALTER TABLE configuration ADD COLUMN pin_history         INTEGER NOT NULL DEFAULT 0;
ALTER TABLE configuration ADD COLUMN pin_allows_trivial  INTEGER NOT NULL DEFAULT 1;

-- Whether a user has to choose another PIN, and the hashes of former ones, the last one first.
ALTER TABLE users ADD COLUMN pin_must_change  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN pin_history      TEXT    NOT NULL DEFAULT '[]' CHECK (json_valid(pin_history));
