package org.understudy.probes.canary;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.understudy.smtp.Deadline;

/** Wakes those who wait for a canary when a mailbox was read. Thread-safe. */
public final class ArrivalSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private long version;
    private boolean closed;

    void announce() {
        lock.lock();
        try {
            version++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits any more, now or later. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when it holds, when the deadline has passed, or when the thread is interrupted. */
    void await(BooleanSupplier condition, Deadline deadline) {
        while (true) {
            long before = version();
            if (condition.getAsBoolean() || !newsSince(before, deadline)) {
                return;
            }
        }
    }

    private long version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    private boolean newsSince(long before, Deadline deadline) {
        lock.lock();
        try {
            while (version == before) {
                Duration left = deadline.remaining();
                if (closed || left.isZero()) {
                    return false;
                }
                if (news.awaitNanos(left.toNanos()) <= 0 && version == before) {
                    return false;
                }
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
