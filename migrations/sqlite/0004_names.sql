-- Names are compared by their keys: without case, forms of characters and a MAC's separators.
-- Only the program can make a key. A step of it comes before this file, in the same transaction:
-- it leaves no two rows whose names have the same key, and writes the keys of all names here.
CREATE TEMP TABLE IF NOT EXISTS name_keys (
    name       TEXT PRIMARY KEY,
    key        TEXT NOT NULL,
    phone_key  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE new_app_users (
    key            TEXT PRIMARY KEY,
    id             TEXT NOT NULL,
    password_hash  TEXT NOT NULL,
    proxy          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO new_app_users
SELECT k.key, a.id, a.password_hash, a.proxy
  FROM app_users a LEFT JOIN temp.name_keys k ON k.name = a.id;
DROP TABLE app_users;
ALTER TABLE new_app_users RENAME TO app_users;
CREATE TRIGGER app_users_insert AFTER INSERT ON app_users
BEGIN UPDATE configuration SET version = version + 1; END;
CREATE TRIGGER app_users_update AFTER UPDATE ON app_users
BEGIN UPDATE configuration SET version = version + 1; END;
CREATE TRIGGER app_users_delete AFTER DELETE ON app_users
BEGIN UPDATE configuration SET version = version + 1; END;

CREATE TABLE new_device_profiles (
    key          TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    model        TEXT NOT NULL,
    lines        TEXT NOT NULL CHECK (json_valid(lines)),
    speed_dials  TEXT NOT NULL CHECK (json_valid(speed_dials))
) STRICT, WITHOUT ROWID;
INSERT INTO new_device_profiles
SELECT k.key, d.name, d.model, d.lines, d.speed_dials
  FROM device_profiles d LEFT JOIN temp.name_keys k ON k.name = d.name;
DROP TABLE device_profiles;
ALTER TABLE new_device_profiles RENAME TO device_profiles;

CREATE TABLE new_users (
    key                TEXT PRIMARY KEY,
    id                 TEXT NOT NULL,
    pin_hash           TEXT NOT NULL,
    enabled            INTEGER NOT NULL,
    emcc               INTEGER NOT NULL,
    max_login_minutes  INTEGER,
    -- Names of device profiles in their stored spelling, the default first.
    profiles           TEXT NOT NULL CHECK (json_valid(profiles))
) STRICT, WITHOUT ROWID;
INSERT INTO new_users
SELECT k.key, u.id, u.pin_hash, u.enabled, u.emcc, u.max_login_minutes, u.profiles
  FROM users u LEFT JOIN temp.name_keys k ON k.name = u.id;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;

CREATE TABLE new_phones (
    key                 TEXT PRIMARY KEY,
    name                TEXT NOT NULL,
    model               TEXT NOT NULL,
    description         TEXT NOT NULL,
    extension_mobility  INTEGER NOT NULL,
    address             TEXT,
    lines               TEXT NOT NULL CHECK (json_valid(lines)),
    speed_dials         TEXT NOT NULL CHECK (json_valid(speed_dials)),
    -- Who last logged out here.
    last_user           TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO new_phones
SELECT k.phone_key, p.name, p.model, p.description, p.extension_mobility, p.address, p.lines,
       p.speed_dials, p.last_user
  FROM phones p LEFT JOIN temp.name_keys k ON k.name = p.name;
DROP TABLE phones;
ALTER TABLE new_phones RENAME TO phones;

CREATE TABLE new_administrators (
    key            TEXT PRIMARY KEY,
    name           TEXT NOT NULL,
    password_hash  TEXT NOT NULL,
    created_ms     INTEGER NOT NULL,
    role           TEXT NOT NULL,
    enabled        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO new_administrators
SELECT k.key, a.name, a.password_hash, a.created_ms, a.role, a.enabled
  FROM administrators a LEFT JOIN temp.name_keys k ON k.name = a.name;
UPDATE sessions SET administrator = coalesce(
    (SELECT k.key FROM administrators a JOIN temp.name_keys k ON k.name = a.name
      WHERE a.key = sessions.administrator), administrator);
DROP TABLE administrators;
ALTER TABLE new_administrators RENAME TO administrators;

DROP INDEX login_open_phone;
DROP INDEX login_open_sole;
DROP INDEX login_open_user;
DROP INDEX login_ended;
DROP INDEX login_ended_phone;
ALTER TABLE logins ADD COLUMN phone_key TEXT NOT NULL DEFAULT '';
UPDATE logins
   SET user_key = u.key,
       sole_user = CASE WHEN sole_user IS NULL THEN NULL ELSE u.key END,
       phone_key = p.phone_key,
       search = u.key || char(10) || p.key || char(10) || d.key || iif(
           instr(u.key || char(10) || p.key || char(10) || d.key, p.phone_key), '',
           char(10) || p.phone_key)
  FROM temp.name_keys u, temp.name_keys p, temp.name_keys d
 WHERE u.name = logins.user AND p.name = logins.phone AND d.name = logins.profile;
-- The guards of the promise, and what serves the lists.
CREATE UNIQUE INDEX login_open_phone ON logins (phone_key) WHERE ended_ms IS NULL;
CREATE UNIQUE INDEX login_open_sole ON logins (sole_user)
    WHERE ended_ms IS NULL AND sole_user IS NOT NULL;
CREATE INDEX login_open_user ON logins (user_key) WHERE ended_ms IS NULL;
CREATE INDEX login_ended ON logins (ended_ms, cause, search) WHERE ended_ms IS NOT NULL;
CREATE INDEX login_ended_phone ON logins (phone_key, ended_ms) WHERE ended_ms IS NOT NULL;

DROP TABLE temp.name_keys;
-- A program without keys finds and adds nothing here any more, and its logins would share one key.
UPDATE configuration SET version = version + 1, minimum_program = '0.2.0';
