CREATE TABLE message (
    id       INTEGER PRIMARY KEY, -- number of the queue id; sorts by time
    arrival  INTEGER NOT NULL,    -- milliseconds since 1970-01-01 UTC
    size     INTEGER NOT NULL,    -- octets of content
    crc      INTEGER NOT NULL,    -- CRC32C of the content
    segment  INTEGER NOT NULL,    -- where its record is; 0: nowhere yet, its file was found without one
    since    INTEGER NOT NULL,    -- first segment in which there was a copy of the record
    record   INTEGER NOT NULL,    -- position of the first octet of the record's payload
    envelope INTEGER NOT NULL,    -- octets of the envelope, which is read from there
    large    INTEGER NOT NULL     -- 1: the content is in a file of its own
);
-- Covers what lives in a segment and the sums of the whole queue.
CREATE INDEX message_by_segment ON message (segment, large, size, envelope);
CREATE TABLE unit (
    message      INTEGER NOT NULL,
    number       INTEGER NOT NULL, -- position of the recipient in the envelope
    domain       TEXT    NOT NULL, -- empty for <postmaster>
    size         INTEGER NOT NULL, -- of the message, for the sums of a domain
    state        INTEGER NOT NULL, -- 0 queued, 1 forwarded, 2 quarantined, 3 held, 4 expired, 5 discarded, 6 returned
    attempts     INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL, -- milliseconds since 1970-01-01 UTC; 0: at once
    last_reply   TEXT    NOT NULL,
    remote_id    TEXT    NOT NULL,
    PRIMARY KEY (message, number)
) WITHOUT ROWID;
-- Each unit is in one of these; those that were never deferred need no look at the time.
CREATE INDEX unit_fresh ON unit (domain, message, size) WHERE state = 0 AND next_attempt = 0;
CREATE INDEX unit_deferred ON unit (domain, message, next_attempt, size) WHERE state = 0 AND next_attempt > 0;
CREATE INDEX unit_set_aside ON unit (state, domain, message, size) WHERE state IN (2, 3, 4);
-- Deferred units a second time, by time: whether any is due must not cost a look at all of them.
CREATE INDEX unit_by_time ON unit (domain, next_attempt, message) WHERE state = 0 AND next_attempt > 0;
CREATE TABLE ledger (
    accepted   INTEGER NOT NULL, -- units, ever
    forwarded  INTEGER NOT NULL, -- units, ever
    discarded  INTEGER NOT NULL, -- units, ever
    returned   INTEGER NOT NULL, -- units, ever
    last_id    INTEGER NOT NULL, -- number of the newest queue id, so that none is given twice
    segment    INTEGER NOT NULL, -- the segments are in the index up to here
    position   INTEGER NOT NULL,
    rebuilding INTEGER NOT NULL  -- 1 until all segments that were there have been read once
);
INSERT INTO ledger VALUES (0, 0, 0, 0, 0, 0, 0, 1);
PRAGMA user_version = 4;
