CREATE TABLE result (
    id       INTEGER PRIMARY KEY,
    probe_id TEXT    NOT NULL,
    started  INTEGER NOT NULL, -- milliseconds since 1970-01-01 UTC
    outcome  TEXT    NOT NULL,
    document TEXT    NOT NULL  -- the whole result as JSON
);
CREATE INDEX result_by_probe ON result (probe_id, started);
CREATE INDEX result_by_time ON result (started);
