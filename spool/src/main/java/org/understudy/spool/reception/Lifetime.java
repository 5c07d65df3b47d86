package org.understudy.spool.reception;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Reply;

/**
 * How long a session may go on: until when what it does now must be done, and whether it may be ended from outside. Its event
 * loop says what it does; any thread may ask for its end, and {@link SessionWatch} enforces the deadlines. Deadlines are numbers
 * that are looked at now and then, because a timer for every reply costs more than the reply. Thread-safe.
 */
final class Lifetime {
    /** For the last reply of a session that was ended. */
    static final long LAST_WORD_NANOS = Duration.ofSeconds(5).toNanos();

    private static final long NEVER = Long.MAX_VALUE;

    /** Values of {@link #idleSince} that are no times. */
    private static final long BUSY = -1;

    private static final long ENDED = -2;

    private final Executor loop;
    private final Owner owner;
    /** Times are nanoseconds since this one, and so never negative. */
    private final long began = System.nanoTime();

    private volatile long inputBy = NEVER;
    private volatile long doneBy = NEVER;
    private volatile long overBy = NEVER;
    /** Since when the session waits for a command outside a transaction. Whoever sets it to ENDED ends the session. */
    private final AtomicLong idleSince = new AtomicLong(BUSY);

    private volatile @Nullable Reply wanted;

    /** What has a lifetime. Called on its event loop. */
    interface Owner {
        /** Says one thing more and goes. */
        void end(Reply lastWord);

        /** Goes at once. */
        void abort();
    }

    Lifetime(Executor loop, Owner owner) {
        this.loop = loop;
        this.owner = owner;
    }

    /** Nanoseconds since it began. */
    long now() {
        return System.nanoTime() - began;
    }

    /** Input must come until then, or the session ends in 421 4.4.2. */
    void awaitInputUntil(long time) {
        inputBy = time;
    }

    void inputCame() {
        inputBy = NEVER;
    }

    /** What begins now must be done within that time, or the connection is closed. */
    void mustBeDoneWithin(long nanos) {
        doneBy = now() + nanos;
    }

    void done() {
        doneBy = NEVER;
    }

    /** The session waits for a command outside a transaction, and may be ended there. */
    void beginIdle(long now) {
        idleSince.set(now);
        Reply reply = wanted;
        if (reply != null) {
            end(now, reply);
        }
    }

    /** A command came. False if the session was ended before that, and only its last word is left to be said. */
    boolean endIdle() {
        return idleSince.getAndUpdate(since -> since == ENDED ? ENDED : BUSY) != ENDED;
    }

    /** Ends the session at once if it is idle, else as soon as it is. */
    void endWhenIdle(Reply reply) {
        wanted = reply;
        long since = idleSince.get();
        if (since >= 0) {
            end(since, reply);
        }
    }

    /** Ends the session if it has been idle for so long; true if that was so. */
    boolean endIfIdle(long nanos, Reply reply) {
        long since = idleSince.get();
        return since >= 0 && now() - since >= nanos && end(since, reply);
    }

    /** How long the session has been idle; negative if it is not. */
    long idleNanos() {
        long since = idleSince.get();
        return since < 0 ? since : now() - since;
    }

    private boolean end(long since, Reply reply) {
        if (!idleSince.compareAndSet(since, ENDED)) {
            return false;
        }
        end(reply);
        return true;
    }

    private void end(Reply lastWord) {
        overBy = now() + LAST_WORD_NANOS;
        loop.execute(() -> owner.end(lastWord));
    }

    /** Enforces the deadlines. */
    void look(long sessionNanos) {
        long now = now();
        if (now > doneBy || now > overBy || now > 2 * sessionNanos) {
            abort();
        } else if (now > inputBy) {
            inputBy = NEVER;
            end(Replies.IDLE);
        } else if (now > sessionNanos && wanted == null) {
            endWhenIdle(Replies.SESSION_TOO_LONG);
        }
    }

    /** Ends it at once. */
    void abort() {
        loop.execute(owner::abort);
    }
}
