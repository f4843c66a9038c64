-- Refusals are found by user, phone, sender and address, in one folded text, and by the keys of user and phone the
-- login that was in their way. Older rows have no keys, and their text keeps the case of letters outside of ASCII.
ALTER TABLE refusals ADD COLUMN search    TEXT NOT NULL DEFAULT '';
ALTER TABLE refusals ADD COLUMN user_key  TEXT NOT NULL DEFAULT '';
ALTER TABLE refusals ADD COLUMN phone_key TEXT NOT NULL DEFAULT '';
UPDATE refusals SET search = lower(user || char(10) || phone || char(10) || by_name || char(10) || by_address);
CREATE INDEX login_ended_user ON logins (user_key, user_cluster, ended_ms) WHERE ended_ms IS NOT NULL;
