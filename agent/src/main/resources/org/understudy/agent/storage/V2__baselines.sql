CREATE TABLE mx_baseline (
    domain          TEXT    PRIMARY KEY,
    records         TEXT    NOT NULL, -- the MX records that count as normal, as one line
    since           INTEGER NOT NULL, -- milliseconds since 1970-01-01 UTC
    successor       TEXT    NOT NULL, -- what is seen now
    successor_since INTEGER NOT NULL
);
