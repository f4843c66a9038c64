-- A login is found by all that lists show of it. The text has a mark before each field: 1 user, 2 phone, 3 device
-- profile, 4 model, 5 description, 6 source, 7 address; 8 ends the last. After it comes what is known of the end.
-- What is added to older rows keeps the case of letters outside of ASCII.
DROP INDEX login_ended;
UPDATE logins
   SET search = char(1) || substr(search, 1, instr(search, char(10)) - 1)
       || char(2) || substr(substr(search, instr(search, char(10)) + 1), 1,
                            instr(substr(search, instr(search, char(10)) + 1), char(10)) - 1)
       || char(3) || substr(substr(search, instr(search, char(10)) + 1),
                            instr(substr(search, instr(search, char(10)) + 1), char(10)) + 1)
       || char(4) || lower(model)
       || char(5) || lower(description)
       || char(6) || lower(began_by)
       || char(7) || lower(began_by_address)
       || char(8) || iif(ended_ms IS NULL, '', char(10) || lower(ended_by) || char(10) || lower(ended_by_address)
                                               || char(10) || lower(reason));
CREATE INDEX login_ended ON logins (ended_ms, cause, search) WHERE ended_ms IS NOT NULL;
UPDATE refusals
   SET search = char(1) || iif(user_key = '', lower(user), user_key) || char(2) || lower(phone) || char(10) || phone_key
       || char(3) || char(4) || char(5) || char(6) || lower(by_name) || char(7) || lower(by_address)
       -- The text before is folded as the program folds it.
       || char(8) || char(10) || search;
