CREATE TABLE message (
    id           TEXT    PRIMARY KEY,
    arrival      INTEGER NOT NULL, -- milliseconds since 1970-01-01 UTC
    size         INTEGER NOT NULL, -- octets of content
    crc          INTEGER NOT NULL, -- CRC32C of the content
    segment      INTEGER NOT NULL, -- 0: a file of its own
    position     INTEGER NOT NULL, -- of the first octet of content
    client       TEXT    NOT NULL,
    helo         TEXT    NOT NULL,
    protocol     TEXT    NOT NULL,
    tls          TEXT    NOT NULL,
    reverse_path TEXT    NOT NULL,
    parameters   TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX message_by_segment ON message (segment);
CREATE TABLE unit (
    message      TEXT    NOT NULL REFERENCES message (id),
    number       INTEGER NOT NULL,
    domain       TEXT    NOT NULL, -- empty for <postmaster>
    recipient    TEXT    NOT NULL,
    parameters   TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    attempts     INTEGER NOT NULL,
    next_attempt INTEGER NOT NULL,
    last_reply   TEXT    NOT NULL,
    PRIMARY KEY (message, number)
) WITHOUT ROWID;
CREATE INDEX unit_by_queue ON unit (domain, state, message, next_attempt);
CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter VALUES ('accepted', 0), ('forwarded', 0), ('indexed_segment', 0), ('indexed_position', 0);
PRAGMA user_version = 1;
