CREATE TABLE latest_result (
    probe_id TEXT    PRIMARY KEY,
    started  INTEGER NOT NULL, -- milliseconds since 1970-01-01 UTC
    document TEXT    NOT NULL  -- the whole result as JSON
);

-- What stands beside MAX in SQLite is of the row that has the maximum.
INSERT INTO latest_result SELECT probe_id, MAX(started), document FROM result GROUP BY probe_id;
