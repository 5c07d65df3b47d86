package org.understudy.spool.reception;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all sessions ten times a second: enforces their deadlines and, when there is no place left, keeps ready which of them
 * would make room, so that a newcomer does not have to search. Thread-safe.
 */
final class SessionWatch implements AutoCloseable {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);
    /** More newcomers than that in a tick are told to come back. */
    private static final int CANDIDATES = 256;

    private final Collection<Session> sessions;
    private final long sessionNanos;
    private final long evictNanos;
    private final BooleanSupplier full;
    /** Idle longest first. */
    private volatile Queue<Session> candidates = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    private record Idle(Session session, long since) {}

    /**
     * @param sessions concurrent
     * @param sessionTime after which a session ends between transactions; it is cut at twice that
     * @param evictAfter how long a session must be idle to have to make room
     * @param full whether all places are taken
     */
    SessionWatch(Collection<Session> sessions, Duration sessionTime, Duration evictAfter, BooleanSupplier full) {
        this.sessions = sessions;
        this.sessionNanos = sessionTime.toNanos();
        this.evictNanos = evictAfter.toNanos();
        this.full = full;
    }

    void start() {
        Thread thread = new Thread(this::run, "smtp-session-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(this, TICK);
            for (Session session : sessions) {
                session.lifetime().look(sessionNanos);
            }
            if (full.getAsBoolean()) {
                chooseCandidates();
            }
        }
    }

    private void chooseCandidates() {
        candidates = sessions.stream()
                .map(session -> new Idle(session, session.lifetime().idleNanos()))
                .filter(idle -> idle.since() >= evictNanos)
                .sorted(Comparator.comparingLong(Idle::since).reversed())
                .limit(CANDIDATES)
                .map(Idle::session)
                .collect(ConcurrentLinkedQueue::new, Queue::add, Queue::addAll);
    }

    /** Ends the session that has been idle longest; null if none has been long enough. */
    @Nullable
    Session evict() {
        for (Session session = candidates.poll(); session != null; session = candidates.poll()) {
            if (session.lifetime().endIfIdle(evictNanos, Replies.MADE_ROOM)) {
                return session;
            }
        }
        return null;
    }

    @Override
    public void close() {
        closed = true;
    }
}
