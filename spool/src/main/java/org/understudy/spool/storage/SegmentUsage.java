package org.understudy.spool.storage;

import java.util.HashMap;
import java.util.Map;

/** How many octets of each segment are of records that live, and how fast that changes. Thread-safe. */
final class SegmentUsage {
    private static final long WINDOW_NANOS = 1_000_000_000;
    /** So many in a second are a queue that is being handed on. */
    private static final int MANY_SETTLED = 100;

    private final Map<Long, Long> living;
    private boolean changed = true;
    private long windowBegun = System.nanoTime();
    private int settledInWindow;
    private int settledBefore;

    SegmentUsage(Map<Long, Long> living) {
        this.living = new HashMap<>(living);
    }

    /** @param growth octets by segment, as {@link IndexWriter#commit} returns them */
    synchronized void grow(Map<Long, Long> growth) {
        growth.forEach((segment, octets) -> living.merge(segment, octets, Long::sum));
        changed |= !growth.isEmpty();
    }

    /** Messages were settled. */
    synchronized void settled(int messages) {
        turn();
        settledInWindow += messages;
    }

    /** True while so many messages are settled that segments die by themselves. */
    synchronized boolean isDying() {
        turn();
        return Math.max(settledInWindow, settledBefore) >= MANY_SETTLED;
    }

    private void turn() {
        long age = System.nanoTime() - windowBegun;
        if (age >= WINDOW_NANOS) {
            settledBefore = age < 2 * WINDOW_NANOS ? settledInWindow : 0;
            settledInWindow = 0;
            windowBegun += age;
        }
    }

    synchronized long living(long segment) {
        return living.getOrDefault(segment, 0L);
    }

    synchronized void forget(long segment) {
        living.remove(segment);
    }

    /** True if something has changed since this was asked last. */
    synchronized boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }
}
