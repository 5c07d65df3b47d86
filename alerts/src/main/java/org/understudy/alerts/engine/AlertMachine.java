package org.understudy.alerts.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.understudy.alerts.Alert;
import org.understudy.alerts.AlertState;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.Severity;
import org.understudy.alerts.Signal;

/**
 * The states of one alert. Pure.
 *
 * <pre>
 * PENDING  bad, threshold reached                     FIRING    FIRST
 * PENDING  bad                                        PENDING
 * PENDING  good                                       gone
 * FIRING   bad, worse than what was told              FIRING    ESCALATED
 * FIRING   bad, repeat interval over since last told  FIRING    REPEAT
 * FIRING   bad                                        FIRING
 * FIRING   good, threshold reached                    RESOLVED  RESOLVED
 * FIRING   good                                       FIRING
 * </pre>
 *
 * Worse is compared with the worst that was told, so that a severity that goes up and down tells people once; a
 * reminder tells the severity of its time, and starts the comparison anew.
 */
final class AlertMachine {

    private AlertMachine() {}

    /** An alert that has seen no report yet: to be followed by {@link #bad}. */
    static Alert open(String incident, String source, Signal signal, Instant at) {
        return new Alert(
                incident,
                source,
                AlertState.PENDING,
                signal.severity(),
                at,
                Optional.empty(),
                Optional.empty(),
                at,
                0,
                0,
                Optional.empty(),
                signal.severity(),
                signal,
                "");
    }

    static Transition bad(Alert alert, Signal signal, Instant at) {
        return switch (alert.state()) {
            case PENDING -> badWhilePending(alert, signal, at);
            case FIRING -> badWhileFiring(alert, signal, at);
            case RESOLVED -> throw new IllegalArgumentException(alert.incident() + " is over.");
        };
    }

    private static Transition badWhilePending(Alert alert, Signal signal, Instant at) {
        if (alert.badReports() + 1 < signal.policy().failureThreshold()) {
            return Transition.silent(seen(alert, signal, at, alert.firedAt(), alert.toldAt(), signal.severity()));
        }
        Alert fired = seen(alert, signal, at, Optional.of(at), Optional.of(at), signal.severity());
        return Transition.told(fired, NotifyReason.FIRST);
    }

    private static Transition badWhileFiring(Alert alert, Signal signal, Instant at) {
        boolean worse = signal.severity().compareTo(alert.toldSeverity()) > 0;
        Duration interval = signal.policy().repeatInterval();
        boolean due = !interval.isZero()
                && !at.isBefore(alert.toldAt().orElse(alert.since()).plus(interval));
        if (!worse && !due) {
            return Transition.silent(seen(alert, signal, at, alert.firedAt(), alert.toldAt(), alert.toldSeverity()));
        }
        Alert told = seen(alert, signal, at, alert.firedAt(), Optional.of(at), signal.severity());
        return Transition.told(told, worse ? NotifyReason.ESCALATED : NotifyReason.REPEAT);
    }

    private static Alert seen(
            Alert alert,
            Signal signal,
            Instant at,
            Optional<Instant> firedAt,
            Optional<Instant> toldAt,
            Severity toldSeverity) {
        return new Alert(
                alert.incident(),
                alert.source(),
                firedAt.isPresent() ? AlertState.FIRING : AlertState.PENDING,
                signal.severity(),
                alert.since(),
                firedAt,
                Optional.empty(),
                at,
                alert.badReports() + 1,
                0,
                toldAt,
                toldSeverity,
                signal,
                "");
    }

    static Transition good(Alert alert, Instant at) {
        return switch (alert.state()) {
            case PENDING -> Transition.vanished();
            case FIRING -> goodWhileFiring(alert, at);
            case RESOLVED -> throw new IllegalArgumentException(alert.incident() + " is over.");
        };
    }

    private static Transition goodWhileFiring(Alert alert, Instant at) {
        int good = alert.goodReports() + 1;
        if (good < alert.signal().policy().successThreshold()) {
            return Transition.silent(better(alert, good, Optional.empty(), ""));
        }
        return Transition.told(better(alert, good, Optional.of(at), ""), NotifyReason.RESOLVED);
    }

    /** Ends an alert without a good report. */
    static Transition end(Alert alert, String closing, Instant at) {
        return switch (alert.state()) {
            case PENDING -> Transition.vanished();
            case FIRING ->
                Transition.told(better(alert, alert.goodReports(), Optional.of(at), closing), NotifyReason.RESOLVED);
            case RESOLVED -> throw new IllegalArgumentException(alert.incident() + " is over.");
        };
    }

    private static Alert better(Alert alert, int good, Optional<Instant> resolvedAt, String closing) {
        return new Alert(
                alert.incident(),
                alert.source(),
                resolvedAt.isPresent() ? AlertState.RESOLVED : AlertState.FIRING,
                alert.severity(),
                alert.since(),
                alert.firedAt(),
                resolvedAt,
                alert.lastSeen(),
                alert.badReports(),
                good,
                alert.toldAt(),
                alert.toldSeverity(),
                alert.signal(),
                closing);
    }
}
