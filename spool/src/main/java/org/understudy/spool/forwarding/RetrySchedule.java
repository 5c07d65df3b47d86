package org.understudy.spool.forwarding;

import java.time.Duration;

/**
 * When a message that was deferred is tried again: the delay doubles from the minimum to the maximum, with a tenth of jitter.
 * Immutable.
 *
 * <p>RFC 5321 section 4.5.4.1 asks for half an hour between tries of an arbitrary host; our next hops are our own, and a lane
 * that knows its host to be up may try sooner.
 */
record RetrySchedule(Duration minimum, Duration maximum) {
    private static final double JITTER = 0.1;
    private static final int MOST_DOUBLINGS = 20;

    /**
     * How long to wait.
     *
     * @param attempts made until now, at least 1
     * @param luck from 0 to 1, by which those that failed together do not all come back together
     */
    Duration delay(int attempts, double luck) {
        long doubled = minimum.toMillis() << Math.min(attempts - 1, MOST_DOUBLINGS);
        long capped = Math.min(doubled, maximum.toMillis());
        return Duration.ofMillis((long) (capped * (1 + JITTER * (2 * luck - 1))));
    }
}
