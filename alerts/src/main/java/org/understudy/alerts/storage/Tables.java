package org.understudy.alerts.storage;

import org.jdbi.v3.core.Handle;

/** The tables as seen by one transaction. Confined to one thread, and not to be kept. */
public final class Tables {
    private final AlertTable alerts;
    private final OutboxTable outbox;
    private final ChannelTable channels;

    Tables(Handle handle) {
        this.alerts = new AlertTable(handle);
        this.outbox = new OutboxTable(handle);
        this.channels = new ChannelTable(handle);
    }

    public AlertTable alerts() {
        return alerts;
    }

    public OutboxTable outbox() {
        return outbox;
    }

    public ChannelTable channels() {
        return channels;
    }
}
