package org.understudy.alerts;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/**
 * Takes reports, keeps alerts, and tells people. Thread-safe.
 *
 * <p>Order of calls: {@link #open}, {@link #start}, then anything, then {@link #close}. Reports are taken before
 * {@code start} too; nothing is delivered until then.
 *
 * <p>Every method may throw {@link AlertsException} if the database cannot be used.
 */
public final class Alerts {

    private Alerts() {}

    /**
     * Opens the store, bringing its tables up to date.
     *
     * @param dataSource SQLite; whoever makes it sets WAL, {@code synchronous=FULL}, a busy timeout, and transaction
     *     mode IMMEDIATE
     * @param channels each name once; what is pending for a channel that is no longer among them waits for it to come
     *     back, at most a day
     */
    public static Alerts open(
            DataSource dataSource, AlertsSettings settings, List<NotificationChannel> channels, Clock clock) {
        return new Alerts();
    }

    /** Starts to deliver, first of all what an earlier run left behind. */
    public void start() {}

    /** Takes a report: when this returns, every change of state and every notification that it causes are durable. */
    public void report(SourceReport report) {}

    /**
     * Ends the alerts of all sources but these, telling people that they are no longer checked. To be called once after
     * the configuration was read, with every source that may report, so that nothing fires for ever that nobody checks.
     */
    public void keepSources(Collection<String> sources) {}

    /** Alerts that are PENDING or FIRING, worst and oldest first. */
    public List<Alert> active() {
        return List.of();
    }

    /** Alerts that fired, those that still do among them, newest first. */
    public List<Alert> history(int limit) {
        return List.of();
    }

    /** The configured channels, in the order given. */
    public List<ChannelStatus> channels() {
        return List.of();
    }

    /** Latest notifications, newest first. */
    public List<SentNotification> notifications(int limit) {
        return List.of();
    }

    /**
     * Sends a notification that is clearly marked as a test, at once and not through the outbox; success makes a broken
     * channel healthy again.
     *
     * @throws IllegalArgumentException if there is no such channel
     */
    public DeliveryAttempt test(String channel) {
        return DeliveryAttempt.permanent("No channel " + channel);
    }

    /** Stops to deliver. What is not delivered yet stays in the outbox; what is being sent gets {@code grace} to end. */
    public void close(Duration grace) {}
}
