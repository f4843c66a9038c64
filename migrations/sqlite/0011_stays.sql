-- Stays: users of one cluster at phones of another (EMCC). Their logins are in `logins`.

-- Phones of this cluster that are held while another cluster is asked for a login.
CREATE TABLE intents (
    phone_key     TEXT PRIMARY KEY,
    phone         TEXT NOT NULL,
    -- The identity of the stay.
    id            TEXT NOT NULL,
    user          TEXT NOT NULL,
    user_cluster  TEXT NOT NULL,
    expires_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX intent_expires ON intents (expires_ms);
CREATE UNIQUE INDEX intent_id ON intents (id);

-- Stays of users of this cluster that are over: a question that comes late must not begin one.
CREATE TABLE buried_stays (
    visiting  TEXT NOT NULL,
    login     TEXT NOT NULL,
    at_ms     INTEGER NOT NULL,
    PRIMARY KEY (visiting, login)
) STRICT, WITHOUT ROWID;
CREATE INDEX buried_stay_at ON buried_stays (at_ms);

-- What the phones of open visits became: the user's device profile, and the call server at home.
CREATE TABLE visits (
    login          TEXT PRIMARY KEY,
    configuration  TEXT NOT NULL CHECK (json_valid(configuration))
) STRICT, WITHOUT ROWID;

-- Farewells that another cluster has not acknowledged.
CREATE TABLE farewells (
    number     INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient  TEXT NOT NULL,
    to_home    INTEGER NOT NULL,
    login      TEXT NOT NULL,
    phone      TEXT NOT NULL,
    cause      TEXT,
    posted_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX farewell_to ON farewells (recipient, number);
CREATE INDEX farewell_posted ON farewells (posted_ms);

CREATE INDEX login_open_visit ON logins (user_cluster, id) WHERE ended_ms IS NULL AND type = 'visiting';
CREATE INDEX login_open_elsewhere ON logins (phone_cluster, id)
    WHERE ended_ms IS NULL AND type = 'elsewhere';

-- What is known of remote clusters, and whether they take part.
ALTER TABLE remote_clusters ADD COLUMN description       TEXT NOT NULL DEFAULT '';
ALTER TABLE remote_clusters ADD COLUMN enabled           INTEGER NOT NULL DEFAULT 1;
-- The certificate (PEM) that it has announced; empty where there is none.
ALTER TABLE remote_clusters ADD COLUMN next_certificate  TEXT NOT NULL DEFAULT '';

-- This cluster's keys and certificates towards others: the one in use, and the one that is announced.
CREATE TABLE emcc_keys (
    slot         TEXT PRIMARY KEY CHECK (slot IN ('current', 'next')),
    certificate  TEXT NOT NULL,
    -- The key, sealed by a key file in the data folder.
    sealed_key   BLOB NOT NULL,
    made_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
