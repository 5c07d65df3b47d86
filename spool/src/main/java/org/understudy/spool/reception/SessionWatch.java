package org.understudy.spool.reception;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks at the deadlines of all sessions, ten times a second. Thread-safe. */
final class SessionWatch implements AutoCloseable {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);

    private final Set<Lifetime> lifetimes = ConcurrentHashMap.newKeySet();
    private final long sessionNanos;
    private volatile boolean closed;

    /** @param sessionTime after which a session ends between transactions; it is cut at twice that */
    SessionWatch(Duration sessionTime) {
        this.sessionNanos = sessionTime.toNanos();
    }

    void start() {
        Thread thread = new Thread(this::run, "smtp-session-watch");
        thread.setDaemon(true);
        thread.start();
    }

    void add(Lifetime lifetime) {
        lifetimes.add(lifetime);
    }

    void remove(Lifetime lifetime) {
        lifetimes.remove(lifetime);
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(this, TICK);
            for (Lifetime lifetime : lifetimes) {
                lifetime.look(sessionNanos);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
