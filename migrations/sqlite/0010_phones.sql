-- People may log in at a phone by their primary extension or by their self-service id. Two users may
-- share an extension: then neither can log in by it.
ALTER TABLE users ADD COLUMN primary_extension TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN self_service_id   TEXT NOT NULL DEFAULT '';
CREATE INDEX user_primary_extension ON users (primary_extension) WHERE primary_extension <> '';
CREATE INDEX user_self_service_id ON users (self_service_id) WHERE self_service_id <> '';

-- What phones are told about the site.
ALTER TABLE configuration ADD COLUMN service_url   TEXT NOT NULL DEFAULT '';
ALTER TABLE configuration ADD COLUMN call_server   TEXT NOT NULL DEFAULT '';
ALTER TABLE configuration ADD COLUMN call_server_rpc TEXT NOT NULL DEFAULT '';
ALTER TABLE configuration ADD COLUMN push_user     TEXT NOT NULL DEFAULT '';
ALTER TABLE configuration ADD COLUMN push_password TEXT NOT NULL DEFAULT '';
ALTER TABLE configuration ADD COLUMN time_zone     TEXT NOT NULL DEFAULT '';

-- Credentials of lines at the call server, beside the lines: an earlier program reads the lines alone.
ALTER TABLE phones          ADD COLUMN sip TEXT NOT NULL DEFAULT '[]';
ALTER TABLE device_profiles ADD COLUMN sip TEXT NOT NULL DEFAULT '[]';
