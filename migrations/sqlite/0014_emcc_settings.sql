-- The settings of EMCC that hold for all remote clusters.
ALTER TABLE configuration ADD COLUMN emcc_active      INTEGER NOT NULL DEFAULT 1;
ALTER TABLE configuration ADD COLUMN emcc_enable_new  INTEGER NOT NULL DEFAULT 1;
-- For the question whether any user may log in at other clusters.
CREATE INDEX user_emcc ON users (emcc) WHERE emcc;
