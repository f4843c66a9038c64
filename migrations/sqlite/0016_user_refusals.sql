-- The refusals of a user, the latest first.
CREATE INDEX refusal_user ON refusals (user_key, minute) WHERE user_key <> '';
