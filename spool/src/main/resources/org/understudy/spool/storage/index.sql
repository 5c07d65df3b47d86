CREATE TABLE message (
    id           TEXT    PRIMARY KEY,
    arrival      INTEGER NOT NULL, -- milliseconds since 1970-01-01 UTC
    size         INTEGER NOT NULL, -- octets of content
    crc          INTEGER NOT NULL, -- CRC32C of the content
    segment      INTEGER NOT NULL, -- where its record is
    position     INTEGER NOT NULL, -- of the first octet of content
    large        INTEGER NOT NULL, -- 1: the content is in a file of its own
    client       TEXT    NOT NULL,
    helo         TEXT    NOT NULL,
    protocol     TEXT    NOT NULL,
    tls          TEXT    NOT NULL,
    reverse_path TEXT    NOT NULL,
    parameters   TEXT    NOT NULL
) WITHOUT ROWID;
-- Covers both the oldest living segment and the sums of the whole queue.
CREATE INDEX message_by_segment ON message (segment, size);
CREATE TABLE unit (
    message      TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    domain       TEXT    NOT NULL, -- empty for <postmaster>
    recipient    TEXT    NOT NULL,
    parameters   TEXT    NOT NULL,
    size         INTEGER NOT NULL, -- of the message, for the sums of a domain
    state        TEXT    NOT NULL,
    attempts     INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL, -- milliseconds since 1970-01-01 UTC; 0: at once
    last_reply   TEXT    NOT NULL,
    remote_id    TEXT    NOT NULL,
    PRIMARY KEY (message, number)
) WITHOUT ROWID;
-- Each unit is in one of these; those that were never deferred need no look at the time.
CREATE INDEX unit_fresh ON unit (domain, message, size) WHERE state = 'QUEUED' AND next_attempt = 0;
CREATE INDEX unit_deferred ON unit (domain, message, next_attempt, size) WHERE state = 'QUEUED' AND next_attempt > 0;
CREATE INDEX unit_quarantined ON unit (domain, message, size) WHERE state = 'QUARANTINED';
-- Deferred units a second time, by time: whether any is due must not cost a look at all of them.
CREATE INDEX unit_by_time ON unit (domain, next_attempt, message) WHERE state = 'QUEUED' AND next_attempt > 0;
CREATE TABLE ledger (
    accepted   INTEGER NOT NULL, -- units, ever
    forwarded  INTEGER NOT NULL, -- units, ever
    last_id    INTEGER NOT NULL, -- number of the newest queue id, so that none is given twice
    segment    INTEGER NOT NULL, -- the segments are in the index up to here
    position   INTEGER NOT NULL,
    rebuilding INTEGER NOT NULL  -- 1 until all segments that were there have been read once
);
INSERT INTO ledger VALUES (0, 0, 0, 0, 0, 1);
PRAGMA user_version = 2;
