package org.understudy.spool.forwarding;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.MessageStore;
import org.understudy.spool.NextHop;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;

/**
 * The way to one next hop: workers hand on what a reader has read ahead for them, as its {@link LaneCondition} lets them.
 * Thread-safe: state is guarded by one lock, which is never held over I/O.
 */
final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    /** How long to wait before the queue is looked at again although nobody said that anything came. */
    private static final Duration MOST_LOOK_AGAIN = Duration.ofSeconds(5);

    private static final long HANDS_LOOK_AGAIN_NANOS = 20_000_000;

    /** On their way to stable storage at one time: enough to fill the time of a commit, and no more. */
    private static final int OUTCOMES_PER_WORKER = 16;

    private final NextHop nextHop;
    private final ForwardingSettings settings;
    private final MessageStore store;
    private final InFlight inFlight;
    private final KnownCapabilities capabilities;
    private final Clock clock;
    private final Outcomes outcomes;
    private final XclientUse xclient;
    private final long lookAgainNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition readingWanted = lock.newCondition();

    // Guarded by the lock.
    private final LaneQueue queue;
    private final LaneCondition condition;
    private final SessionBreakers breakers = new SessionBreakers();
    private List<DomainName> domains;
    private Optional<Instant> lastForwarded = Optional.empty();
    private long forwarded;
    private long ambiguous;
    /** Somebody has asked for more than was read, and the reader has not answered yet. */
    private boolean moreWanted;

    private boolean stopping;

    /** False once replies got out of step with commands, for as long as the process lives. */
    private volatile boolean pipelining = true;
    /**
     * A worker waits for something to be stored. Set before the queue is asked, as the queue is told before this is read: so
     * one of the two sides sees the other.
     */
    private volatile boolean hungry;

    Lane(
            NextHop nextHop,
            List<DomainName> domains,
            ForwardingSettings settings,
            MessageStore store,
            InFlight inFlight,
            KnownCapabilities capabilities,
            Clock clock) {
        this.nextHop = nextHop;
        this.domains = List.copyOf(domains);
        this.settings = settings;
        this.store = store;
        this.inFlight = inFlight;
        this.capabilities = capabilities;
        this.clock = clock;
        this.queue = new LaneQueue(domains);
        this.outcomes =
                new Outcomes(store, settings.concurrency() * OUTCOMES_PER_WORKER, why -> lost("our own store: " + why));
        this.xclient = new XclientUse(nextHop.xclient());
        this.lookAgainNanos =
                Math.min(MOST_LOOK_AGAIN.toNanos(), settings.minimumBackoff().toNanos());
        this.condition = new LaneCondition(nextHop, settings, clock);
    }

    /** @param observer told what the next hop says of recipients; must not wait */
    void start(RecipientObserver observer) {
        begin("reader", new LaneReader(this, store, clock));
        for (int i = 0; i < settings.concurrency(); i++) {
            begin(String.valueOf(i), new LaneWorker(this, i, settings, store, outcomes, observer, clock));
        }
    }

    private void begin(String name, Runnable work) {
        Thread thread = new Thread(work, "spool-lane-" + nextHop + "-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    NextHop nextHop() {
        return nextHop;
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

    /** The next hop was seen alive: find out now, not at the next turn. */
    void probeNow() {
        locked(() -> tellIf(condition.seenAlive()));
    }

    /** A person has looked: what froze the lane is mended, and refusals from now on are meant. */
    void thaw() {
        locked(() -> startOverIf(condition.thaw()));
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /** Caller holds the lock. */
    private void tellIf(boolean news) {
        if (news) {
            changed.signalAll();
        }
    }

    /** What was read before the state changed is not what is due after it. Caller holds the lock. */
    private void startOverIf(boolean news) {
        if (news) {
            queue.clear();
            changed.signalAll();
        }
    }

    /**
     * Mail for other domains comes this way from now on.
     *
     * @param frozen those of them whose mail is held
     */
    void serve(Collection<DomainName> others, Predicate<DomainName> frozen) {
        locked(() -> {
            domains = List.copyOf(others);
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
        return locked(() -> queue.claim(message));
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
        return locked(() ->
                !stopping && condition.letsIn(worker) && condition.confidence().isProven()
                        ? take()
                        : Optional.<QueuedMessage>empty());
    }

    /** A message that was taken ahead does not fit there; it is the next one for anybody. */
    void putBack(QueuedMessage message) {
        locked(() -> queue.putBack(message));
    }

    /** True if a worker that has taken a message ahead may hand it on. */
    boolean goesOn(int worker) {
        return locked(() -> !stopping && condition.letsIn(worker));
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

    /** The end of a message is about to be sent. */
    void sending(QueueId message) {
        inFlight.begin(message);
    }

    /** What became of a message is on record, or nothing did. Never waits. */
    void done(QueueId message) {
        inFlight.end(message);
        queue.putDown(message);
    }

    boolean pipelining() {
        return pipelining;
    }

    XclientUse xclient() {
        return xclient;
    }

    /** @param forClient true if the next hop takes us for the client that brought the message */
    ReplyRules rules(List<Pattern> ourselves, boolean forClient) {
        return locked(() ->
                new ReplyRules(ourselves, forClient, condition.confidence().isRecovering(clock.instant())));
    }

    /** Says how much of a judgement is to be believed. */
    Judgement weigh(Judgement judgement, ReversePath sender, boolean pilot) {
        return locked(() -> condition.confidence().weigh(judgement, sender, pilot));
    }

    /** A session could be opened. */
    void reached(Capabilities offered) {
        capabilities.learn(nextHop, offered);
        locked(() -> startOverIf(condition.reached()));
    }

    /** The next hop cannot take anything now, as it says: stop, hold, and probe. */
    void lost(String why) {
        locked(() -> startOverIf(condition.lost(why)));
    }

    /** A session broke: the same, unless that is an accident. */
    void broke(String why) {
        locked(() -> startOverIf(condition.broke(why)));
    }

    /** Nobody is there: the same, and look more often. */
    void absent(String why) {
        locked(() -> startOverIf(condition.absent(why)));
    }

    /** The session ended under a message: the same, unless that message has done so time and again while others came through. */
    void brokeUnder(QueueId message, String why) {
        boolean atFault = locked(() -> breakers.broke(message, forwarded));
        if (atFault) {
            warn(message + " breaks every session, and is tried less and less often: " + why);
        } else {
            broke(why);
        }
    }

    /** The next hop refuses what no message is guilty of: stop, hold, and ask less and less often whether that is still so. */
    void freeze(String why, boolean sessions) {
        locked(() -> startOverIf(condition.freeze(why, sessions)));
    }

    /** Something is wrong that stops nothing, but should be seen. */
    void warn(String why) {
        LOG.warn("{}: {}", nextHop, why);
        locked(() -> condition.lastError(why));
    }

    /** What came back was no reply: replies and commands may have got out of step, which sent one by one they cannot. */
    void garbled(String why) {
        if (pipelining) {
            pipelining = false;
            warn("sends what is no SMTP reply, and gets its commands one by one from now on: " + why);
        } else {
            lost("sends what is no SMTP reply: " + why);
        }
    }

    /** No reply to a final dot was read. */
    void ambiguous() {
        locked(() -> {
            ambiguous++;
        });
    }

    /**
     * Units of a message were handed on.
     *
     * @param pilot as {@link LaneTask.Forward} said, if nothing in the transaction spoke against it
     */
    void forwarded(QueueId message, int units, boolean pilot) {
        locked(() -> {
            breakers.cameThrough(message);
            forwarded += units;
            lastForwarded = Optional.of(clock.instant());
            startOverIf(pilot && condition.pilotArrived());
            tellIf(condition.letsMoreIn());
        });
    }

    LaneStatus status() {
        return locked(() -> new LaneStatus(
                nextHop,
                domains,
                condition.state(),
                condition.since(),
                condition.lastError(),
                forwarded,
                lastForwarded,
                ambiguous));
    }

    /** No further messages are begun. */
    void halt() {
        locked(() -> {
            stopping = true;
            changed.signalAll();
            readingWanted.signal();
        });
    }

    /** Waits until the messages in hand are through. */
    boolean awaitStop(Duration limit) {
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

    @Override
    public void close() {
        halt();
        threads.forEach(Thread::interrupt);
    }
}
