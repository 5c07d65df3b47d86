-- The newest look at each domain. Written before anything is sent, so that a restart sends nothing twice.
CREATE TABLE content_run (
    domain TEXT PRIMARY KEY,
    began  INTEGER NOT NULL
);

CREATE TABLE content_answer (
    domain   TEXT NOT NULL REFERENCES content_run (domain) ON DELETE CASCADE,
    host     TEXT NOT NULL,
    sample   TEXT NOT NULL,
    kind     TEXT NOT NULL,
    stage    TEXT NOT NULL,
    words    TEXT NOT NULL,
    queue_id TEXT NOT NULL,
    PRIMARY KEY (domain, host, sample)
);
