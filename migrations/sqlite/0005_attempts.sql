-- Failures to show a secret, and what is left of the waits that they brought at stored_ms. What does
-- not belong to a scope is empty.
CREATE TABLE attempt_tallies (
    scope      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    name       TEXT NOT NULL,
    source     TEXT NOT NULL,
    failures   INTEGER NOT NULL,
    -- A digest of the stored hash against which they were: a new one begins anew.
    secret     INTEGER NOT NULL,
    wait_ms    INTEGER NOT NULL,
    forget_ms  INTEGER NOT NULL,
    stored_ms  INTEGER NOT NULL,
    PRIMARY KEY (scope, kind, name, source)
) STRICT, WITHOUT ROWID;

-- From where names showed the right secret.
CREATE TABLE known_sources (
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    source   TEXT NOT NULL,
    used_ms  INTEGER NOT NULL,
    PRIMARY KEY (kind, name, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX known_source_used ON known_sources (used_ms);
