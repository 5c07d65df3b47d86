package org.understudy.alerts.engine;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.understudy.alerts.Alert;
import org.understudy.alerts.AlertKey;
import org.understudy.alerts.Signal;
import org.understudy.alerts.SourceReport;
import org.understudy.alerts.storage.Tables;

/** Applies reports to the stored alerts, within the caller's transaction. Thread-safe. */
public final class AlertRecorder {
    private final Outbox outbox;

    public AlertRecorder(Outbox outbox) {
        this.outbox = outbox;
    }

    /**
     * Takes a report.
     *
     * @param now when the notifications are put into the outbox
     */
    public void report(Tables tables, SourceReport report, Instant now) {
        Map<AlertKey, Alert> live = new HashMap<>();
        for (Alert alert : tables.alerts().liveOf(report.source())) {
            live.put(alert.key(), alert);
        }
        for (Signal signal : report.bad()) {
            Alert alert = live.remove(signal.key());
            if (alert == null) {
                String incident = tables.alerts().newIncident(signal.key(), report.at());
                alert = AlertMachine.open(incident, report.source(), signal, report.at());
            }
            apply(tables, alert, AlertMachine.bad(alert, signal, report.at()), now);
        }
        for (Alert alert : live.values()) {
            apply(tables, alert, AlertMachine.good(alert, report.at()), now);
        }
    }

    /** Ends the living alerts of some sources. */
    public void end(Tables tables, Predicate<String> sources, String closing, Instant now) {
        for (Alert alert : tables.alerts().live()) {
            if (sources.test(alert.source())) {
                apply(tables, alert, AlertMachine.end(alert, closing, now), now);
            }
        }
    }

    private void apply(Tables tables, Alert before, Transition transition, Instant now) {
        if (transition.alert().isEmpty()) {
            tables.alerts().delete(before);
            return;
        }
        Alert after = transition.alert().get();
        tables.alerts().save(after);
        transition.reason().ifPresent(reason -> outbox.tell(tables, after, reason, now));
    }
}
