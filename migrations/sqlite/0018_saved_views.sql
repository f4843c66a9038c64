-- Addresses of lists that administrators save by name. An empty owner shares a view with all.
CREATE TABLE saved_views (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    owner    TEXT NOT NULL,
    name     TEXT NOT NULL,
    made_by  TEXT NOT NULL,
    address  TEXT NOT NULL,
    UNIQUE (owner, name)
) STRICT;
