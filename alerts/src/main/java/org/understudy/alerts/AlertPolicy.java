package org.understudy.alerts;

import java.time.Duration;

/**
 * When people are told.
 *
 * @param failureThreshold bad reports in a row before an alert fires, at least 1
 * @param successThreshold good reports in a row before it resolves, at least 1
 * @param repeatInterval a firing alert is told again after this time, at its next bad report; zero for never
 */
public record AlertPolicy(int failureThreshold, int successThreshold, Duration repeatInterval) {
    /** The usual time between two reminders. */
    public static final Duration DEFAULT_REPEAT_INTERVAL = Duration.ofHours(4);

    public AlertPolicy {
        if (failureThreshold < 1 || successThreshold < 1) {
            throw new IllegalArgumentException(
                    "Thresholds must be at least 1, not " + failureThreshold + " and " + successThreshold + ".");
        }
        if (repeatInterval.isNegative()) {
            throw new IllegalArgumentException("The repeat interval must not be negative: " + repeatInterval + ".");
        }
    }

    /** For what may be a passing fault of the network: three bad reports fire, two good ones resolve. */
    public static AlertPolicy standard() {
        return new AlertPolicy(3, 2, DEFAULT_REPEAT_INTERVAL);
    }

    /** For what is certain as soon as it is seen: the first report counts. */
    public static AlertPolicy immediate() {
        return new AlertPolicy(1, 1, DEFAULT_REPEAT_INTERVAL);
    }

    /** The same, told again after another time; zero for never. */
    public AlertPolicy repeatedAfter(Duration interval) {
        return new AlertPolicy(failureThreshold, successThreshold, interval);
    }
}
