-- When the cluster logs users out by itself: at a time of the day (HH:MM, or 'never'), and after minutes without
-- use (0 is never).
ALTER TABLE configuration ADD COLUMN log_out_at    TEXT    NOT NULL DEFAULT 'never';
-- When that was set: earlier occurrences of the time log nobody out.
ALTER TABLE configuration ADD COLUMN log_out_since_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE configuration ADD COLUMN idle_minutes  INTEGER NOT NULL DEFAULT 0;
-- The moment up to which times of the day have logged users out.
ALTER TABLE configuration ADD COLUMN clock_until_ms INTEGER NOT NULL DEFAULT 0;

-- A phone's own values; NULL is the cluster's.
ALTER TABLE phones ADD COLUMN log_out_at    TEXT;
ALTER TABLE phones ADD COLUMN log_out_since_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE phones ADD COLUMN idle_minutes  INTEGER;
CREATE INDEX phone_log_out_at ON phones (log_out_at) WHERE log_out_at IS NOT NULL;
