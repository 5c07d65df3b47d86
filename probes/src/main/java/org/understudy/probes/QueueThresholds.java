package org.understudy.probes;

import java.time.Duration;

/**
 * Ages of the oldest waiting message above which there is a finding.
 *
 * @param warningUp and {@code criticalUp} while the next hop is up
 * @param warningDown and {@code criticalDown} while it is down
 */
public record QueueThresholds(Duration warningUp, Duration criticalUp, Duration warningDown, Duration criticalDown) {

    /** 5 and 15 minutes while up, 1 and 4 hours while down. */
    public static QueueThresholds standard() {
        return new QueueThresholds(
                Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(4));
    }
}
