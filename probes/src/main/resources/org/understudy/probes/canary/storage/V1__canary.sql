CREATE TABLE canary (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    domain        TEXT NOT NULL,
    host          TEXT NOT NULL,
    path          TEXT NOT NULL,
    mailbox       TEXT NOT NULL,
    may_be_held   INTEGER NOT NULL,
    token         TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    body_hash     TEXT NOT NULL,
    state         TEXT NOT NULL,
    address       TEXT NOT NULL DEFAULT '',
    offered       INTEGER NOT NULL DEFAULT 0,
    reply         TEXT NOT NULL DEFAULT '',
    queue_id      TEXT NOT NULL DEFAULT '',
    accepted_at   INTEGER,
    held_until    INTEGER,
    late          INTEGER NOT NULL DEFAULT 0,
    seen_at       INTEGER,
    duplicated_at INTEGER,
    folder        TEXT NOT NULL DEFAULT '',
    junked        INTEGER NOT NULL DEFAULT 0,
    hops          TEXT NOT NULL DEFAULT '',
    path_proven   INTEGER NOT NULL DEFAULT 0,
    changes       TEXT NOT NULL DEFAULT '',
    trouble       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX canary_path ON canary (path, seq);
CREATE INDEX canary_domain ON canary (domain, seq);
CREATE INDEX canary_undecided ON canary (mailbox) WHERE state IN ('ACCEPTED', 'HELD');

-- One row per place in a mailbox. Copies of one delivery have the same chain, so that filters and labels make no duplicate.
CREATE TABLE canary_sighting (
    mailbox      TEXT NOT NULL,
    folder       TEXT NOT NULL,
    uid_validity INTEGER NOT NULL,
    uid          INTEGER NOT NULL,
    canary       TEXT NOT NULL REFERENCES canary (id) ON DELETE CASCADE,
    chain        TEXT NOT NULL,
    received     TEXT NOT NULL,
    found_at     INTEGER NOT NULL,
    gone         INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (mailbox, folder, uid_validity, uid)
);
CREATE INDEX canary_sighting_canary ON canary_sighting (canary, chain);

CREATE TABLE canary_forgery (
    mark     TEXT PRIMARY KEY,
    mailbox  TEXT NOT NULL,
    path     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    noted_at INTEGER NOT NULL
);
