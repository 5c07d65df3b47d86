CREATE TABLE host_change (
    id       INTEGER PRIMARY KEY, -- rises with time
    probe_id TEXT    NOT NULL,    -- of the probe that looks at the server
    at       INTEGER NOT NULL,    -- milliseconds since 1970-01-01 UTC
    state    TEXT    NOT NULL     -- how it has answered from then on
);

CREATE INDEX host_change_of_probe ON host_change (probe_id, id);
