package org.understudy.spool.reception;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps a complaint that anybody can cause from filling the log. Thread-safe. */
final class OncePerMinute {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final AtomicLong last = new AtomicLong(System.nanoTime() - MINUTE);

    /** True for the first to ask in a minute. */
    boolean isDue() {
        long before = last.get();
        long now = System.nanoTime();
        return now - before >= MINUTE && last.compareAndSet(before, now);
    }
}
