package org.understudy.spool.reception;

import org.understudy.spool.QueueId;

/** That a message was stored under an id. */
record Receipt(Fingerprint fingerprint, QueueId id) {}
