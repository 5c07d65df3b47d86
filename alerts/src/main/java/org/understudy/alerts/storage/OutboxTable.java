package org.understudy.alerts.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.understudy.alerts.Alert;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.SentNotification.Status;

/** Notifications, waiting and past. */
public final class OutboxTable {
    private static final String WAITING = "status IN ('PENDING', 'SENDING')";

    private final Handle handle;

    OutboxTable(Handle handle) {
        this.handle = handle;
    }

    public void add(String channel, NotifyReason reason, int sequence, Alert alert, Instant now) {
        handle.createUpdate("INSERT INTO alerts_outbox (channel, incident, reason, sequence, status, created_at, body)"
                        + " VALUES (:channel, :incident, :reason, :sequence, 'PENDING', :now, :body)")
                .bind("channel", channel)
                .bind("incident", alert.incident())
                .bind("reason", reason.name())
                .bind("sequence", sequence)
                .bind("now", now.toEpochMilli())
                .bind("body", AlertJson.write(alert))
                .execute();
    }

    /** Everything that was ever to be sent about an incident, oldest first. */
    public List<OutboxRow> ofIncident(String incident) {
        return handle.createQuery("SELECT * FROM alerts_outbox WHERE incident = :incident ORDER BY id")
                .bind("incident", incident)
                .map((row, context) -> read(row))
                .list();
    }

    /** The notification whose turn it is in a channel. */
    public Optional<OutboxRow> head(String channel) {
        return handle.createQuery(
                        "SELECT * FROM alerts_outbox WHERE channel = :channel AND " + WAITING + " ORDER BY id LIMIT 1")
                .bind("channel", channel)
                .map((row, context) -> read(row))
                .findOne();
    }

    public List<OutboxRow> latest(int limit) {
        return handle.createQuery("SELECT * FROM alerts_outbox ORDER BY id DESC LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list();
    }

    public int waiting(String channel) {
        return handle.createQuery("SELECT count(*) FROM alerts_outbox WHERE channel = :channel AND " + WAITING)
                .bind("channel", channel)
                .mapTo(Integer.class)
                .one();
    }

    /** Marks the start of a try, so that nobody supersedes what may be arriving. */
    public void sending(long id) {
        handle.createUpdate("UPDATE alerts_outbox SET status = 'SENDING', attempts = attempts + 1 WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** Back to waiting after a try. */
    public void postpone(long id, boolean uncertain, String detail) {
        handle.createUpdate("UPDATE alerts_outbox SET status = 'PENDING', uncertain = uncertain OR :uncertain,"
                        + " detail = :detail WHERE id = :id")
                .bind("id", id)
                .bind("uncertain", uncertain ? 1 : 0)
                .bind("detail", detail)
                .execute();
    }

    public void finish(long id, Status status, String detail, Instant now) {
        handle.createUpdate("UPDATE alerts_outbox SET status = :status, finished_at = :now, detail = :detail"
                        + " WHERE id = :id")
                .bind("id", id)
                .bind("status", status.name())
                .bind("now", now.toEpochMilli())
                .bind("detail", detail)
                .execute();
    }

    /** What was being sent when the process ended may have arrived, and is sent again. */
    public int recoverInterrupted() {
        return handle.createUpdate(
                        "UPDATE alerts_outbox SET status = 'PENDING', uncertain = 1 WHERE status = 'SENDING'")
                .execute();
    }

    /** Channels that something waits for. */
    public List<String> waitingChannels() {
        return handle.createQuery("SELECT DISTINCT channel FROM alerts_outbox WHERE " + WAITING)
                .mapTo(String.class)
                .list();
    }

    /** Gives up what waits for a channel since before the given time. */
    public int giveUp(String channel, Instant before, String detail, Instant now) {
        return handle.createUpdate("UPDATE alerts_outbox SET status = 'FAILED', finished_at = :now, detail = :detail"
                        + " WHERE channel = :channel AND created_at < :before AND " + WAITING)
                .bind("channel", channel)
                .bind("before", before.toEpochMilli())
                .bind("now", now.toEpochMilli())
                .bind("detail", detail)
                .execute();
    }

    /** Forgets what is finished, unless its alert lives: the resolve must find the channels of the trigger. */
    public void forgetFinishedBefore(Instant time) {
        handle.createUpdate("DELETE FROM alerts_outbox WHERE finished_at < :time AND incident NOT IN"
                        + " (SELECT incident FROM alerts_alert WHERE state <> 'RESOLVED')")
                .bind("time", time.toEpochMilli())
                .execute();
    }

    private static OutboxRow read(ResultSet row) throws SQLException {
        return new OutboxRow(
                row.getLong("id"),
                row.getString("channel"),
                NotifyReason.valueOf(row.getString("reason")),
                row.getInt("sequence"),
                Status.valueOf(row.getString("status")),
                row.getBoolean("uncertain"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Times.read(row, "finished_at"),
                row.getInt("attempts"),
                row.getString("detail"),
                AlertJson.read(row.getString("body")));
    }
}
