package org.understudy.alerts;

import java.time.Duration;

/**
 * What holds for all alerts.
 *
 * @param agent name of this agent, shown in every notification
 * @param retention resolved alerts and finished notifications are forgotten after this time
 */
public record AlertsSettings(String agent, Duration retention) {
    public AlertsSettings {
        if (retention.isNegative() || retention.isZero()) {
            throw new IllegalArgumentException("The retention must be longer than nothing: " + retention + ".");
        }
    }

    /** Ninety days of retention. */
    public static AlertsSettings of(String agent) {
        return new AlertsSettings(agent, Duration.ofDays(90));
    }
}
