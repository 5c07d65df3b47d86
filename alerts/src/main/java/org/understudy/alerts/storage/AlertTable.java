package org.understudy.alerts.storage;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.understudy.alerts.Alert;
import org.understudy.alerts.AlertKey;

/** The alerts, living and past. */
public final class AlertTable {
    private static final int RADIX = 36;

    private final Handle handle;

    AlertTable(Handle handle) {
        this.handle = handle;
    }

    /** PENDING and FIRING alerts of all sources, worst and oldest first. */
    public List<Alert> live() {
        return handle
                .createQuery("SELECT body FROM alerts_alert WHERE state <> 'RESOLVED'")
                .mapTo(String.class)
                .map(AlertJson::read)
                .stream()
                .sorted(Comparator.comparing(Alert::severity).reversed().thenComparing(Alert::since))
                .toList();
    }

    public List<Alert> liveOf(String source) {
        return handle.createQuery("SELECT body FROM alerts_alert WHERE source = :source AND state <> 'RESOLVED'")
                .bind("source", source)
                .mapTo(String.class)
                .map(AlertJson::read)
                .list();
    }

    /** Those that fired, newest first. */
    public List<Alert> fired(int limit) {
        return handle.createQuery("SELECT body FROM alerts_alert WHERE fired_at IS NOT NULL"
                        + " ORDER BY fired_at DESC, incident LIMIT :limit")
                .bind("limit", limit)
                .mapTo(String.class)
                .map(AlertJson::read)
                .list();
    }

    /** A name for a new incident that no other has, the same on every run with the same history. */
    public String newIncident(AlertKey key, Instant since) {
        long millis = since.toEpochMilli();
        String incident = incident(key, millis);
        while (exists(incident)) {
            millis++;
            incident = incident(key, millis);
        }
        return incident;
    }

    private static String incident(AlertKey key, long millis) {
        return key.fingerprint() + "-" + Long.toString(millis, RADIX);
    }

    private boolean exists(String incident) {
        return handle.createQuery("SELECT count(*) FROM alerts_alert WHERE incident = :incident")
                        .bind("incident", incident)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    public void save(Alert alert) {
        handle.createUpdate("INSERT INTO alerts_alert"
                        + " (incident, source, fingerprint, state, fired_at, resolved_at, body)"
                        + " VALUES (:incident, :source, :fingerprint, :state, :firedAt, :resolvedAt, :body)"
                        + " ON CONFLICT (incident) DO UPDATE SET state = excluded.state, fired_at = excluded.fired_at,"
                        + " resolved_at = excluded.resolved_at, body = excluded.body")
                .bind("incident", alert.incident())
                .bind("source", alert.source())
                .bind("fingerprint", alert.key().fingerprint())
                .bind("state", alert.state().name())
                .bind("firedAt", alert.firedAt().map(Instant::toEpochMilli).orElse(null))
                .bind(
                        "resolvedAt",
                        alert.resolvedAt().map(Instant::toEpochMilli).orElse(null))
                .bind("body", AlertJson.write(alert))
                .execute();
    }

    public void delete(Alert alert) {
        handle.createUpdate("DELETE FROM alerts_alert WHERE incident = :incident")
                .bind("incident", alert.incident())
                .execute();
    }

    public void forgetResolvedBefore(Instant time) {
        handle.createUpdate("DELETE FROM alerts_alert WHERE state = 'RESOLVED' AND resolved_at < :time")
                .bind("time", time.toEpochMilli())
                .execute();
    }
}
