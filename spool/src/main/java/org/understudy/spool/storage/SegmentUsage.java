package org.understudy.spool.storage;

import java.util.HashMap;
import java.util.Map;

/** How many octets of each segment are of records that live. Thread-safe. */
final class SegmentUsage {
    private final Map<Long, Long> living;
    private boolean changed = true;

    SegmentUsage(Map<Long, Long> living) {
        this.living = new HashMap<>(living);
    }

    /** @param growth octets by segment, as {@link IndexWriter#commit} returns them */
    synchronized void grow(Map<Long, Long> growth) {
        growth.forEach((segment, octets) -> living.merge(segment, octets, Long::sum));
        changed |= !growth.isEmpty();
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
