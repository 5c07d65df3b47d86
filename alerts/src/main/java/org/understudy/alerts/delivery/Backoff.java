package org.understudy.alerts.delivery;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long a channel is left alone after a failure: what it asks for, between one second and a quarter of an hour; else
 * a random part of a time that doubles from one second to five minutes. Stateless but for the randomness.
 */
final class Backoff {
    static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration MAXIMUM = Duration.ofMinutes(5);
    static final Duration LEAST_ASKED = Duration.ofSeconds(1);
    static final Duration MOST_ASKED = Duration.ofMinutes(15);

    /** Keeps a row of lucky draws from hammering. */
    static final Duration LEAST = Duration.ofMillis(100);

    private static final int MAXIMAL_DOUBLINGS = 16;

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The time to wait.
     *
     * @param failures in a row, at least 1
     */
    Duration after(int failures, Optional<Duration> asked) {
        if (asked.isPresent()) {
            return clamp(asked.get(), LEAST_ASKED, MOST_ASKED);
        }
        long doubled = FIRST.toMillis() << Math.min(failures - 1, MAXIMAL_DOUBLINGS);
        long ceiling = Math.min(doubled, MAXIMUM.toMillis());
        return clamp(Duration.ofMillis(random.nextLong(ceiling + 1)), LEAST, MAXIMUM);
    }

    private static Duration clamp(Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0) {
            return least;
        }
        return value.compareTo(most) > 0 ? most : value;
    }
}
