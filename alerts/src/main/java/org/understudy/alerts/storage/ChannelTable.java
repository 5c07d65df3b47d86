package org.understudy.alerts.storage;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The health of each channel, kept so that neither a restart nor a crash hides a broken one. */
public final class ChannelTable {
    private final Handle handle;

    ChannelTable(Handle handle) {
        this.handle = handle;
    }

    public ChannelRow get(String name) {
        return handle.createQuery("SELECT * FROM alerts_channel WHERE name = :name")
                .bind("name", name)
                .map((row, context) -> new ChannelRow(
                        Times.read(row, "last_success"),
                        Times.read(row, "last_failure"),
                        row.getString("last_error"),
                        Times.read(row, "failing_since"),
                        row.getBoolean("broken"),
                        Times.read(row, "not_before")))
                .findOne()
                .orElseGet(ChannelRow::unknown);
    }

    public void succeeded(String name, Instant now) {
        handle.createUpdate("INSERT INTO alerts_channel (name, last_success) VALUES (:name, :now)"
                        + " ON CONFLICT (name) DO UPDATE SET last_success = excluded.last_success,"
                        + " failing_since = NULL, broken = 0, not_before = NULL")
                .bind("name", name)
                .bind("now", now.toEpochMilli())
                .execute();
    }

    public void failed(String name, String error, boolean broken, Optional<Instant> notBefore, Instant now) {
        handle.createUpdate("INSERT INTO alerts_channel"
                        + " (name, last_failure, last_error, failing_since, broken, not_before)"
                        + " VALUES (:name, :now, :error, :now, :broken, :notBefore)"
                        + " ON CONFLICT (name) DO UPDATE SET last_failure = excluded.last_failure,"
                        + " last_error = excluded.last_error, not_before = excluded.not_before,"
                        + " failing_since = coalesce(failing_since, excluded.failing_since),"
                        + " broken = max(broken, excluded.broken)")
                .bind("name", name)
                .bind("now", now.toEpochMilli())
                .bind("error", error)
                .bind("broken", broken ? 1 : 0)
                .bind("notBefore", notBefore.map(Instant::toEpochMilli).orElse(null))
                .execute();
    }
}
