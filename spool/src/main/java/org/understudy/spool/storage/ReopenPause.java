package org.understudy.spool.storage;

import java.time.Duration;

/** How long the store rests after a failure before it tries again: a second, then twice as long each time. One thread. */
final class ReopenPause {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private Duration next = SHORTEST;
    private Duration current = Duration.ZERO;
    private long begun = System.nanoTime();

    void begin() {
        begun = System.nanoTime();
        current = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }

    void reset() {
        next = SHORTEST;
    }

    boolean isOver() {
        return System.nanoTime() - begun >= current.toNanos();
    }
}
