package org.understudy.alerts;

import java.time.Duration;

/** A way to reach people. Implementations are thread-safe. */
public interface NotificationChannel {

    /** Unique, stable over restarts: pending notifications are kept under it. */
    String name();

    /** For example {@code slack}. */
    String kind();

    /** Alerts below this severity are not sent here. */
    default Severity minimumSeverity() {
        return Severity.INFO;
    }

    /** Least time between two notifications. */
    default Duration pace() {
        return Duration.ZERO;
    }

    /**
     * Tries once, and takes less than a minute. Failure is a value; nothing secret may be in it.
     */
    DeliveryAttempt send(Notification notification);
}
