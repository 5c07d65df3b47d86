package org.understudy.probes;

import java.time.Duration;

/**
 * Ages of the oldest waiting message above which there is a finding.
 *
 * @param warningUp and {@code criticalUp} while the next hop is up
 * @param warningDown and {@code criticalDown} while it is down
 * @param shortestRetention below which a retention is too short
 */
public record QueueThresholds(
        Duration warningUp,
        Duration criticalUp,
        Duration warningDown,
        Duration criticalDown,
        Duration shortestRetention) {

    /** 5 and 15 minutes while up, 1 and 4 hours while down; five days of retention (RFC 5321 section 4.5.4.1). */
    public static QueueThresholds standard() {
        return new QueueThresholds(
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                Duration.ofHours(1),
                Duration.ofHours(4),
                Duration.ofDays(5));
    }

    /** The same where no retention is too short. */
    public QueueThresholds withAnyRetention() {
        return new QueueThresholds(warningUp, criticalUp, warningDown, criticalDown, Duration.ZERO);
    }
}
