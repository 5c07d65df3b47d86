package org.understudy.smtp;

import java.time.Duration;

/**
 * A point in monotonic time by which something must be over. Immutable; not affected by changes of the wall clock.
 */
public final class Deadline {
    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** This far from now. */
    public static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** What is left; zero when passed. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    public boolean isPassed() {
        return nanos - System.nanoTime() <= 0;
    }

    /** One that is earlier by so much. */
    public Deadline before(Duration duration) {
        return new Deadline(nanos - duration.toNanos());
    }

    /** The shorter of {@code step} and what is left. */
    public Duration cap(Duration step) {
        Duration left = remaining();
        return left.compareTo(step) < 0 ? left : step;
    }
}
