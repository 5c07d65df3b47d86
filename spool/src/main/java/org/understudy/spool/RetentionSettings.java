package org.understudy.spool;

import java.time.Duration;

/**
 * How long mail is tried to be handed on by itself. At the end it is kept, and people are told; it is not bounced.
 *
 * @param limit age at which a queued unit expires
 * @param sweep how often is looked for those that do
 */
public record RetentionSettings(Duration limit, Duration sweep) {
    /** An outage over a long weekend, the handing over and whoever has to react to it fit in many times. */
    public static final Duration STANDARD = Duration.ofDays(14);
    /** What is older is of use to nobody. */
    public static final Duration LONGEST = Duration.ofDays(31);

    public static final Duration SHORTEST = Duration.ofHours(1);

    public RetentionSettings {
        if (limit.compareTo(SHORTEST) < 0 || limit.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "a retention of " + limit + " is not between " + SHORTEST + " and " + LONGEST);
        }
    }

    /** Of a length, with a look every minute. */
    public static RetentionSettings of(Duration limit) {
        return new RetentionSettings(limit, Duration.ofMinutes(1));
    }

    public static RetentionSettings standard() {
        return of(STANDARD);
    }
}
