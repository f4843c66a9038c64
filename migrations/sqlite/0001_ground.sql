-- Times are UTC epoch milliseconds; ids are text UUIDs. A "key" is a name without case.

-- One row. The version grows with every change below "configuration"; every transaction reads it.
CREATE TABLE configuration (
    one                INTEGER PRIMARY KEY CHECK (one = 1),
    version            INTEGER NOT NULL,
    release            TEXT    NOT NULL,
    -- The oldest program that may open this database.
    minimum_program    TEXT    NOT NULL
) STRICT;
INSERT INTO configuration VALUES (1, 1, '12.5', '0.1.0');

-- Only what differs from the catalogue's default, as typed.
CREATE TABLE service_parameters (
    name   TEXT PRIMARY KEY,
    value  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE app_users (
    id             TEXT PRIMARY KEY,
    password_hash  TEXT NOT NULL,
    proxy          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE device_profiles (
    name         TEXT PRIMARY KEY,
    model        TEXT NOT NULL,
    lines        TEXT NOT NULL CHECK (json_valid(lines)),
    speed_dials  TEXT NOT NULL CHECK (json_valid(speed_dials))
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    key                TEXT PRIMARY KEY,
    id                 TEXT NOT NULL,
    pin_hash           TEXT NOT NULL,
    enabled            INTEGER NOT NULL,
    emcc               INTEGER NOT NULL,
    max_login_minutes  INTEGER,
    -- Names of device profiles, the default first.
    profiles           TEXT NOT NULL CHECK (json_valid(profiles))
) STRICT, WITHOUT ROWID;

CREATE TABLE phones (
    name                TEXT PRIMARY KEY,
    model               TEXT NOT NULL,
    extension_mobility  INTEGER NOT NULL,
    address             TEXT,
    lines               TEXT NOT NULL CHECK (json_valid(lines)),
    speed_dials         TEXT NOT NULL CHECK (json_valid(speed_dials)),
    -- Who last logged out here.
    last_user           TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE remote_clusters (
    id           TEXT PRIMARY KEY,
    url          TEXT NOT NULL,
    certificate  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Every login there was; those that are open have no ended_ms.
CREATE TABLE logins (
    id             TEXT PRIMARY KEY,
    user           TEXT NOT NULL,
    user_key       TEXT NOT NULL,
    phone          TEXT NOT NULL,
    model          TEXT NOT NULL,
    profile        TEXT NOT NULL,
    from_ms        INTEGER NOT NULL,
    until_ms       INTEGER,
    -- The user's key for a login that was not admitted under Multiple Logins Allowed.
    sole_user      TEXT,
    -- User, phone and profile without case, for the find field.
    search         TEXT NOT NULL,
    began_by_kind  TEXT NOT NULL,
    began_by       TEXT NOT NULL,
    ended_ms       INTEGER,
    cause          TEXT,
    ended_by_kind  TEXT,
    ended_by       TEXT,
    CHECK ((ended_ms IS NULL) = (cause IS NULL))
) STRICT;
-- The last guards of the promise: one login on a phone, and one sole login of a user.
CREATE UNIQUE INDEX login_open_phone ON logins (phone) WHERE ended_ms IS NULL;
CREATE UNIQUE INDEX login_open_sole ON logins (sole_user)
    WHERE ended_ms IS NULL AND sole_user IS NOT NULL;
CREATE INDEX login_open_user ON logins (user_key) WHERE ended_ms IS NULL;
CREATE INDEX login_open_until ON logins (until_ms) WHERE ended_ms IS NULL AND until_ms IS NOT NULL;
CREATE INDEX login_open_from ON logins (from_ms, id) WHERE ended_ms IS NULL;

-- Numbered by the one writer in the order of its commits; a number is never used twice.
CREATE TABLE events (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms   INTEGER NOT NULL,
    body    TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE audit (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms       INTEGER NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor       TEXT NOT NULL,
    action      TEXT NOT NULL,
    subject     TEXT NOT NULL,
    detail      TEXT NOT NULL
) STRICT;

CREATE TABLE leases (
    name      TEXT PRIMARY KEY,
    holder    TEXT NOT NULL,
    until_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE administrators (
    key            TEXT PRIMARY KEY,
    name           TEXT NOT NULL,
    password_hash  TEXT NOT NULL,
    created_ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sessions of the console. The id is hashed: who reads the database can't use one.
CREATE TABLE sessions (
    id_hash     BLOB PRIMARY KEY,
    body        TEXT NOT NULL,
    expires_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_expiry ON sessions (expires_ms);

-- What is remembered between requests (verified application users, service parameters) is
-- remembered under a version, so whatever changes these tables moves it on.
CREATE TRIGGER app_users_insert AFTER INSERT ON app_users
BEGIN UPDATE configuration SET version = version + 1; END;
CREATE TRIGGER app_users_update AFTER UPDATE ON app_users
BEGIN UPDATE configuration SET version = version + 1; END;
CREATE TRIGGER app_users_delete AFTER DELETE ON app_users
BEGIN UPDATE configuration SET version = version + 1; END;
CREATE TRIGGER service_parameters_insert AFTER INSERT ON service_parameters
BEGIN UPDATE configuration SET version = version + 1; END;
CREATE TRIGGER service_parameters_update AFTER UPDATE ON service_parameters
BEGIN UPDATE configuration SET version = version + 1; END;
CREATE TRIGGER service_parameters_delete AFTER DELETE ON service_parameters
BEGIN UPDATE configuration SET version = version + 1; END;
