package org.understudy.spool.forwarding;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;

/**
 * Gives the workers of a lane what its reader has read ahead for them, as its condition lets them. Thread-safe: queue and condition are
 * guarded by one lock, which is never held over I/O.
 */
final class LaneDispatch {
    private static final long HANDS_LOOK_AGAIN_NANOS = 20_000_000;

    private final long lookAgainNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition readingWanted = lock.newCondition();

    // Guarded by the lock.
    private final LaneQueue queue;
    private final LaneCondition condition;
    /** Somebody has asked for more than was read, and the reader has not answered yet. */
    private boolean moreWanted;

    private boolean stopping;

    /**
     * A worker waits for something to be stored. Set before the queue is asked, as the queue is told before this is read: so
     * one of the two sides sees the other.
     */
    private volatile boolean hungry;

    /** @param lookAgain after which the queue is looked at again although nobody said that anything came */
    LaneDispatch(LaneQueue queue, LaneCondition condition, Duration lookAgain) {
        this.queue = queue;
        this.condition = condition;
        this.lookAgainNanos = lookAgain.toNanos();
    }

    /** Something was stored for this lane. Costs a sender nothing while the lane is down or busy. */
    void wake() {
        queue.stored();
        wakeHungry();
    }

    /** The same for what must not wait behind other mail. */
    void wakeFirst(QueueId id) {
        queue.storedFirst(id);
        wakeHungry();
    }

    private void wakeHungry() {
        if (hungry) {
            locked(() -> {
                hungry = false;
                changed.signalAll();
            });
        }
    }

    /** Asks the condition. */
    <T> T ask(Function<LaneCondition, T> question) {
        lock.lock();
        try {
            return question.apply(condition);
        } finally {
            lock.unlock();
        }
    }

    /** Tells the condition; it says whether that is news, for which it is worth to wake those who wait. */
    void tell(Predicate<LaneCondition> change) {
        locked(() -> {
            if (change.test(condition)) {
                changed.signalAll();
            }
        });
    }

    /** The same, and what was read before the news is not what is due after it. */
    void turn(Predicate<LaneCondition> change) {
        locked(() -> {
            if (change.test(condition)) {
                queue.clear();
                changed.signalAll();
            }
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Mail for other domains comes this way from now on.
     *
     * @param frozen those of them whose mail is held
     */
    void serve(Collection<DomainName> others, Predicate<DomainName> frozen) {
        locked(() -> {
            queue.serve(others.stream().filter(frozen.negate()).toList());
            changed.signalAll();
        });
    }

    /** No mail for the domain is begun any more. */
    void leave(DomainName domain) {
        locked(() -> queue.leave(domain));
    }

    /** Keeps a message from being handed on until it is given back; false if it is being handed on now. */
    boolean claim(QueueId message) {
        return ask(c -> queue.claim(message));
    }

    void giveBack(QueueId message) {
        locked(() -> {
            queue.putDown(message);
            queue.lookAgain();
            changed.signalAll();
        });
    }

    /** Waits until what is being handed on now has come to its end; false if that takes longer than the limit. */
    boolean awaitHands(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        lock.lock();
        try {
            Set<QueueId> busy = queue.inHand();
            while (!Collections.disjoint(busy, queue.inHand())) {
                if (deadline - System.nanoTime() <= 0) {
                    return false;
                }
                changed.awaitNanos(HANDS_LOOK_AGAIN_NANOS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something to do. Returns {@link LaneTask.Rest} once before a long wait, so that sessions are closed. */
    LaneTask next(int worker, boolean hasSession) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (stopping) {
                    return new LaneTask.Stop();
                }
                Optional<LaneTask> task = condition.isUp() ? takeIfAllowed(worker) : tryIfTime(worker);
                if (task.isPresent()) {
                    return task.get();
                }
                if (moreWanted) {
                    changed.await();
                    continue;
                }
                if (hasSession) {
                    return new LaneTask.Rest();
                }
                long untilTry = condition.nanosToTry();
                boolean tryBefore = !condition.isUp() && untilTry > 0 && untilTry < lookAgainNanos;
                if (changed.awaitNanos(tryBefore ? untilTry : lookAgainNanos) <= 0) {
                    queue.lookAgain();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Caller holds the lock. */
    private Optional<LaneTask> takeIfAllowed(int worker) {
        if (!condition.letsIn(worker)) {
            return Optional.empty();
        }
        Optional<LaneTask> task = take().map(m -> new LaneTask.Forward(m, false));
        if (task.isEmpty() && !moreWanted) {
            condition.nothingHeld();
        }
        return task;
    }

    /** Caller holds the lock. */
    private Optional<QueuedMessage> take() {
        hungry = true;
        Optional<QueuedMessage> message = queue.take();
        if (queue.wantsReading() && !moreWanted) {
            moreWanted = true;
            readingWanted.signal();
        }
        return message;
    }

    /** The next message for a worker that has not quite handed on another; none until the first one was taken. Never waits. */
    Optional<QueuedMessage> takeAhead(int worker) {
        return ask(c ->
                !stopping && c.letsIn(worker) && c.confidence().isProven() ? take() : Optional.<QueuedMessage>empty());
    }

    /** A message that was taken ahead does not fit there; it is the next one for anybody. */
    void putBack(QueuedMessage message) {
        locked(() -> queue.putBack(message));
    }

    /** True if a worker that has taken a message ahead may hand it on. */
    boolean goesOn(int worker) {
        return ask(c -> !stopping && c.letsIn(worker));
    }

    /** Caller holds the lock. */
    private Optional<LaneTask> tryIfTime(int worker) {
        if (!condition.isTimeToTry(worker)) {
            return Optional.empty();
        }
        condition.tries();
        if (condition.triesBySession()) {
            return Optional.of(new LaneTask.Probe());
        }
        Optional<LaneTask> pilot = take().map(m -> new LaneTask.Forward(m, true));
        if (pilot.isPresent()) {
            condition.triesMessage();
        }
        return pilot;
    }

    /** For the reader: waits until something should be read; empty when the lane stops. */
    Optional<LaneReading> awaitReading() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!moreWanted && !stopping) {
                readingWanted.await();
            }
            return stopping ? Optional.empty() : Optional.of(queue.beginReading());
        } finally {
            lock.unlock();
        }
    }

    /** For the reader: what it found; empty if it could not look. */
    void read(LaneReading reading, Optional<LaneReading.Found> found) {
        locked(() -> {
            moreWanted = false;
            found.ifPresentOrElse(f -> queue.read(reading, f), () -> queue.readFailed(reading));
            changed.signalAll();
        });
    }

    /** What became of a message is on record, or nothing did. Never waits. */
    void done(QueueId message) {
        queue.putDown(message);
    }

    /** No further messages are begun. */
    void halt() {
        locked(() -> {
            stopping = true;
            changed.signalAll();
            readingWanted.signal();
        });
    }
}
