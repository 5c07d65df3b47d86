package org.understudy.spool.forwarding;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The threads of a lane. Thread-safe. */
final class LaneThreads {
    private final String lane;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    LaneThreads(String lane) {
        this.lane = lane;
    }

    void begin(String name, Runnable work) {
        Thread thread = new Thread(work, "spool-lane-" + lane + "-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Waits until all have ended; false if that takes longer than the limit. */
    boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            for (Thread thread : threads) {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }

    void interrupt() {
        threads.forEach(Thread::interrupt);
    }
}
