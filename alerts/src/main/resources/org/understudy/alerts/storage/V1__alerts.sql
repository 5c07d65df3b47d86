-- Columns hold what is searched for; body holds the whole alert as JSON.
CREATE TABLE alerts_alert (
    incident    TEXT PRIMARY KEY,
    source      TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    state       TEXT NOT NULL,
    fired_at    INTEGER,
    resolved_at INTEGER,
    body        TEXT NOT NULL
);
CREATE UNIQUE INDEX alerts_alert_live ON alerts_alert (source, fingerprint) WHERE state <> 'RESOLVED';
CREATE INDEX alerts_alert_fired ON alerts_alert (fired_at);

-- What an incident's channels were sent is read from here, so rows outlive delivery for as long as the alert lives.
CREATE TABLE alerts_outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    channel     TEXT NOT NULL,
    incident    TEXT NOT NULL,
    reason      TEXT NOT NULL,
    sequence    INTEGER NOT NULL,
    status      TEXT NOT NULL,
    uncertain   INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    finished_at INTEGER,
    attempts    INTEGER NOT NULL DEFAULT 0,
    detail      TEXT NOT NULL DEFAULT '',
    body        TEXT NOT NULL
);
CREATE INDEX alerts_outbox_waiting ON alerts_outbox (channel, id) WHERE status IN ('PENDING', 'SENDING');
CREATE INDEX alerts_outbox_incident ON alerts_outbox (incident, channel);

CREATE TABLE alerts_channel (
    name          TEXT PRIMARY KEY,
    last_success  INTEGER,
    last_failure  INTEGER,
    last_error    TEXT NOT NULL DEFAULT '',
    failing_since INTEGER,
    broken        INTEGER NOT NULL DEFAULT 0,
    not_before    INTEGER
);
