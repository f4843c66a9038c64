-- Refused requests: one row for those of a minute that are alike.
CREATE TABLE refusals (
    -- Minutes since 1970.
    minute      INTEGER NOT NULL,
    code        INTEGER NOT NULL,
    -- What a request does not name is empty.
    user        TEXT    NOT NULL,
    phone       TEXT    NOT NULL,
    by_kind     TEXT    NOT NULL,
    by_name     TEXT    NOT NULL,
    by_address  TEXT    NOT NULL,
    first_ms    INTEGER NOT NULL,
    last_ms     INTEGER NOT NULL,
    times       INTEGER NOT NULL,
    -- Why the last of them was not understood (error 1).
    why         TEXT CHECK (why IS NULL OR json_valid(why)),
    PRIMARY KEY (minute, code, user, phone, by_kind, by_name, by_address)
) STRICT, WITHOUT ROWID;

ALTER TABLE configuration ADD COLUMN refusal_days INTEGER NOT NULL DEFAULT 90;

-- Until now refusals were events alone.
INSERT INTO refusals (minute, code, user, phone, by_kind, by_name, by_address, first_ms, last_ms,
                      times, why)
SELECT at_ms / 60000, body ->> 'code', coalesce(body ->> 'user', ''), coalesce(body ->> 'phone', ''),
       coalesce(body ->> '$.by.kind', ''), coalesce(body ->> '$.by.name', ''),
       coalesce(body ->> '$.by.address', ''), min(at_ms), max(at_ms),
       sum(coalesce(body ->> 'times', 1)), max(body -> 'why')
  FROM events
 WHERE body ->> 'event' = 'refused' AND typeof(body ->> 'code') = 'integer'
 GROUP BY 1, 2, 3, 4, 5, 6, 7;
