-- A user and a phone are identified by a cluster and a name in it. The own cluster is the empty text,
-- never NULL: NULLs are distinct in a unique index.
ALTER TABLE logins ADD COLUMN user_cluster  TEXT NOT NULL DEFAULT '';
ALTER TABLE logins ADD COLUMN phone_cluster TEXT NOT NULL DEFAULT '';
ALTER TABLE phones ADD COLUMN last_user_cluster TEXT NOT NULL DEFAULT '';

DROP INDEX login_open_phone;
DROP INDEX login_open_sole;
DROP INDEX login_open_user;
DROP INDEX login_ended_phone;
CREATE UNIQUE INDEX login_open_phone ON logins (phone_key, phone_cluster) WHERE ended_ms IS NULL;
CREATE UNIQUE INDEX login_open_sole ON logins (sole_user, user_cluster)
    WHERE ended_ms IS NULL AND sole_user IS NOT NULL;
CREATE INDEX login_open_user ON logins (user_key, user_cluster) WHERE ended_ms IS NULL;
CREATE INDEX login_ended_phone ON logins (phone_key, phone_cluster, ended_ms)
    WHERE ended_ms IS NOT NULL;
