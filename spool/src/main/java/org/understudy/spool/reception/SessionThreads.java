package org.understudy.spool.reception;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread for each session, kept for the next one, because starting a thread costs as much as a small message. Stacks are small,
 * because there may be thousands. Thread-safe.
 */
final class SessionThreads implements AutoCloseable {
    private static final long STACK_BYTES = 512 * 1024;
    private static final int KEEP_SECONDS = 60;

    private final AtomicInteger started = new AtomicInteger();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);

    private Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, "smtp-session-" + started.incrementAndGet(), STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    /** False if there is no thread for it: the machine has no more, or we are closed. */
    boolean run(Session session) {
        try {
            threads.execute(session);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
