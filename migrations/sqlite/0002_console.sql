-- What the console needs: history, jobs, parameter history, roles, retention.

ALTER TABLE configuration ADD COLUMN history_days        INTEGER NOT NULL DEFAULT 365;
ALTER TABLE configuration ADD COLUMN audit_days          INTEGER NOT NULL DEFAULT 730;
ALTER TABLE configuration ADD COLUMN event_days          INTEGER NOT NULL DEFAULT 30;
ALTER TABLE configuration ADD COLUMN log_outs_per_second INTEGER NOT NULL DEFAULT 100;

ALTER TABLE phones ADD COLUMN description TEXT NOT NULL DEFAULT '';

-- em, visiting (a user of another cluster on a phone of ours) or elsewhere (the other way round).
ALTER TABLE logins ADD COLUMN type             TEXT NOT NULL DEFAULT 'em';
ALTER TABLE logins ADD COLUMN description      TEXT NOT NULL DEFAULT '';
-- Who set until_ms: request, user or system.
ALTER TABLE logins ADD COLUMN limit_source     TEXT NOT NULL DEFAULT 'system';
ALTER TABLE logins ADD COLUMN began_by_address TEXT NOT NULL DEFAULT '';
ALTER TABLE logins ADD COLUMN ended_by_address TEXT NOT NULL DEFAULT '';
ALTER TABLE logins ADD COLUMN reason           TEXT NOT NULL DEFAULT '';

-- The history is searched for parts of names: this index has all that a search reads, so that a
-- million rows need not be fetched to be counted.
CREATE INDEX login_ended ON logins (ended_ms, cause, search) WHERE ended_ms IS NOT NULL;
-- What was last on a phone.
CREATE INDEX login_ended_phone ON logins (phone, ended_ms) WHERE ended_ms IS NOT NULL;
CREATE INDEX login_open_type ON logins (type) WHERE ended_ms IS NULL;

-- Events written before hold less than is read now; nothing but open pages needs them.
DELETE FROM events;
CREATE INDEX event_refused ON events (at_ms, (body ->> 'code')) WHERE body ->> 'event' = 'refused';
CREATE INDEX event_at ON events (at_ms);

ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';
-- Actor, action, subject and detail without case, for the find field.
ALTER TABLE audit ADD COLUMN search  TEXT NOT NULL DEFAULT '';
UPDATE audit SET search = lower(actor || char(10) || action || char(10) || subject || char(10) || detail);
CREATE INDEX audit_at ON audit (at_ms, actor_kind, search);

CREATE TABLE parameter_changes (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms       INTEGER NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor       TEXT NOT NULL,
    address     TEXT NOT NULL,
    parameter   TEXT NOT NULL,
    old_value   TEXT NOT NULL,
    new_value   TEXT NOT NULL
) STRICT;
CREATE INDEX parameter_change_of ON parameter_changes (parameter, number);

CREATE TABLE jobs (
    id          TEXT PRIMARY KEY,
    made_ms     INTEGER NOT NULL,
    scope       TEXT NOT NULL CHECK (json_valid(scope)),
    cause       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    actor_kind  TEXT NOT NULL,
    actor       TEXT NOT NULL,
    address     TEXT NOT NULL,
    total       INTEGER NOT NULL,
    ended       INTEGER NOT NULL,
    state       TEXT NOT NULL
) STRICT;
CREATE INDEX job_running ON jobs (made_ms) WHERE state = 'running';

ALTER TABLE administrators ADD COLUMN role    TEXT NOT NULL DEFAULT 'administrator';
ALTER TABLE administrators ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;

-- Sessions that were open know less than is asked of them now.
DELETE FROM sessions;
-- Whose it is, for "sign out everywhere"; empty before somebody has signed in.
ALTER TABLE sessions ADD COLUMN administrator TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address       TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN signed_in_ms  INTEGER NOT NULL DEFAULT 0;
CREATE INDEX session_administrator ON sessions (administrator);
