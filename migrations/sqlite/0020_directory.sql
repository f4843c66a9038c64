-- The texts in which the lists of users, phones, device profiles and application users look for words, as the program
-- folds them; empty until the program has written them. Each index covers what Find reads.
ALTER TABLE users           ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE phones          ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE device_profiles ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE app_users       ADD COLUMN search TEXT NOT NULL DEFAULT '';
CREATE INDEX user_search ON users (search);
CREATE INDEX phone_search ON phones (search);
CREATE INDEX device_profile_search ON device_profiles (search);
CREATE INDEX app_user_search ON app_users (search);
