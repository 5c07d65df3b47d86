package org.understudy.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Bounds blocking calls that have no timeout of their own, such as a write to a peer that never reads. One daemon thread for
 * all sessions; it ends when none has needed it for a while.
 */
final class Watchdog {

    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private Watchdog() {}

    /** A blocking call. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws IOException;
    }

    /** Runs the call, and {@code bite}, which must not block, in another thread if the call takes longer than the time. */
    static <T> T watch(Duration time, Runnable bite, Call<T> call) throws IOException {
        ScheduledFuture<?> future = TIMER.schedule(bite, Math.max(1, time.toNanos()), TimeUnit.NANOSECONDS);
        try {
            return call.run();
        } finally {
            future.cancel(false);
        }
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "smtp-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setKeepAliveTime(30, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        return timer;
    }
}
