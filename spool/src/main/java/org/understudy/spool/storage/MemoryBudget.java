package org.understudy.spool.storage;

import java.util.concurrent.atomic.AtomicLong;

/** How much content all that hold some together may have in memory; beyond it they go to files, however small. Thread-safe. */
public final class MemoryBudget {
    private static final int SHARE_OF_HEAP = 6;

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    MemoryBudget(long limit) {
        this.limit = limit;
    }

    /** A sixth of the heap. */
    public static MemoryBudget ofHeap() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /** True if so much more may be held; the caller releases it later. */
    public boolean take(long octets) {
        if (used.addAndGet(octets) <= limit) {
            return true;
        }
        used.addAndGet(-octets);
        return false;
    }

    /** Gives back what was taken. */
    public void release(long octets) {
        used.addAndGet(-octets);
    }
}
