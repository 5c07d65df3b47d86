package org.understudy.spool.forwarding;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.DomainName;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.LaneState;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.MessageStore;
import org.understudy.spool.NextHop;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;

/**
 * The way to one next hop. Thread-safe: state is guarded by one lock, which is never held over I/O except that one worker at a
 * time reads the next page of the queue.
 *
 * <p>Down: everybody waits but one worker, which opens a session now and then. Coming up: that worker hands on one message by
 * itself; each success after that lets as many more workers in as have succeeded, up to the concurrency.
 */
final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final int PAGE = 200;
    /** How long to wait before the queue is looked at again although nobody said that anything came. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    /** So many refusals in a row, just after an outage, are the next hop's fault and not that of the messages. */
    private static final int REFUSALS_AFTER_OUTAGE = 3;

    private final NextHop nextHop;
    private final List<DomainName> domains;
    private final ForwardingSettings settings;
    private final MessageStore store;
    private final KnownCapabilities capabilities;
    private final Clock clock;
    private final List<Thread> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private LaneState state = LaneState.UP;
    private Instant since;
    private Optional<String> lastError = Optional.empty();
    private Optional<Instant> lastForwarded = Optional.empty();
    private long forwarded;
    private int allowedWorkers;
    private boolean probeNow;
    private long nextProbe;
    private int refusalsSinceOutage = REFUSALS_AFTER_OUTAGE;
    private final List<QueuedMessage> page = new ArrayList<>();
    private final Set<QueueId> inHand = new HashSet<>();
    private boolean moreInStore = true;
    private boolean stopping;

    /** Set before {@link #hungry} is read, as that is set before this is read: so one of the two sides sees the other. */
    private volatile boolean somethingStored;
    /** A worker waits for something to be stored. */
    private volatile boolean hungry;

    Lane(
            NextHop nextHop,
            List<DomainName> domains,
            ForwardingSettings settings,
            MessageStore store,
            KnownCapabilities capabilities,
            Clock clock) {
        this.nextHop = nextHop;
        this.domains = List.copyOf(domains);
        this.settings = settings;
        this.store = store;
        this.capabilities = capabilities;
        this.clock = clock;
        this.since = clock.instant();
        // The first session says whether the next hop is there; until then one worker is enough.
        this.allowedWorkers = 1;
    }

    void start() {
        for (int i = 0; i < settings.concurrency(); i++) {
            int number = i;
            Thread thread = new Thread(
                    () -> new LaneWorker(this, number, settings, store, clock).run(),
                    "spool-lane-" + nextHop + "-" + i);
            thread.setDaemon(true);
            workers.add(thread);
        }
        workers.forEach(Thread::start);
    }

    NextHop nextHop() {
        return nextHop;
    }

    boolean serves(DomainName domain) {
        return domains.contains(domain);
    }

    /** Something was stored for this lane. Costs a sender nothing while the lane is down or busy. */
    void wake() {
        somethingStored = true;
        if (hungry) {
            lock.lock();
            try {
                hungry = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** The next hop was seen alive: find out now, not at the next turn. */
    void probeNow() {
        lock.lock();
        try {
            if (state == LaneState.DOWN) {
                probeNow = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What a worker is to do next. */
    sealed interface Task {
        /** Hand a message on. */
        record Forward(QueuedMessage message) implements Task {}

        /** Find out whether the next hop is back. */
        record Probe() implements Task {}

        /** Close the session and wait; a server need not keep an idle one. */
        record Rest() implements Task {}

        /** End. */
        record Stop() implements Task {}
    }

    /** Waits for something to do. Returns {@link Task.Rest} once before a long wait, so that sessions are closed. */
    Task next(int worker, boolean hasSession) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                if (stopping) {
                    return new Task.Stop();
                }
                long wait = LOOK_AGAIN.toNanos();
                if (state == LaneState.DOWN) {
                    long untilProbe = nextProbe - System.nanoTime();
                    if (worker == 0 && (probeNow || untilProbe <= 0)) {
                        probeNow = false;
                        return new Task.Probe();
                    }
                    wait = Math.min(wait, Math.max(1, untilProbe));
                } else if (worker < allowedWorkers) {
                    hungry = true;
                    Optional<QueuedMessage> message = takeMessage();
                    if (message.isPresent()) {
                        return new Task.Forward(message.get());
                    }
                }
                if (hasSession) {
                    return new Task.Rest();
                }
                if (changed.awaitNanos(wait) <= 0) {
                    moreInStore = true;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Caller holds the lock. */
    private Optional<QueuedMessage> takeMessage() {
        if (page.isEmpty() && (moreInStore || somethingStored)) {
            somethingStored = false;
            readPage();
        }
        if (page.isEmpty()) {
            return Optional.empty();
        }
        QueuedMessage message = page.remove(0);
        inHand.add(message.id());
        return Optional.of(message);
    }

    private void readPage() {
        Optional<QueueId> after = Optional.empty();
        moreInStore = false;
        // What is in other workers' hands stands at the front of the queue; look behind it.
        while (page.isEmpty()) {
            List<QueuedMessage> found = store.due(domains, clock.instant(), after, PAGE);
            found.stream().filter(m -> !inHand.contains(m.id())).forEach(page::add);
            if (found.size() < PAGE) {
                moreInStore = !found.isEmpty() && !page.isEmpty();
                return;
            }
            moreInStore = true;
            after = Optional.of(found.get(found.size() - 1).id());
        }
    }

    /** A message is no longer in a worker's hands. */
    void done(QueuedMessage message) {
        lock.lock();
        try {
            inHand.remove(message.id());
        } finally {
            lock.unlock();
        }
    }

    /** A session could be opened. */
    void reached(Capabilities offered) {
        capabilities.learn(nextHop, offered);
        lock.lock();
        try {
            if (state == LaneState.DOWN) {
                LOG.info("{} is up again after {}", nextHop, Duration.between(since, clock.instant()));
                state = LaneState.UP;
                since = clock.instant();
                allowedWorkers = 1;
                refusalsSinceOutage = 0;
                moreInStore = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next hop cannot take anything now: stop, hold, and probe. */
    void lost(String why) {
        lock.lock();
        try {
            lastError = Optional.of(why);
            nextProbe = System.nanoTime() + jittered(settings.probeInterval()).toNanos();
            page.clear();
            if (state == LaneState.UP) {
                LOG.warn("{} is down: {}", nextHop, why);
                state = LaneState.DOWN;
                since = clock.instant();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Units were handed on. */
    void forwarded(int units) {
        lock.lock();
        try {
            forwarded += units;
            lastForwarded = Optional.of(clock.instant());
            refusalsSinceOutage = REFUSALS_AFTER_OUTAGE;
            if (allowedWorkers < settings.concurrency()) {
                allowedWorkers = Math.min(settings.concurrency(), allowedWorkers * 2);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Something was refused for good. Until the first success after an outage that is doubted.
     *
     * @return true if the refusal is not to be believed
     */
    boolean doubtsRefusal(String words) {
        lock.lock();
        try {
            if (refusalsSinceOutage >= REFUSALS_AFTER_OUTAGE) {
                return false;
            }
            refusalsSinceOutage++;
            if (refusalsSinceOutage == REFUSALS_AFTER_OUTAGE) {
                // Begin to count anew when it is up again: the backlog must not pay for a half-configured primary.
                refusalsSinceOutage = 0;
                lost("refuses mail just after an outage: " + words);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    LaneStatus status() {
        lock.lock();
        try {
            return new LaneStatus(nextHop, domains, state, since, lastError, forwarded, lastForwarded);
        } finally {
            lock.unlock();
        }
    }

    /** No further messages are begun. */
    void halt() {
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the messages in hand are through. */
    boolean awaitStop(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            for (Thread worker : workers) {
                TimeUnit.NANOSECONDS.timedJoin(worker, Math.max(1, deadline - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return workers.stream().noneMatch(Thread::isAlive);
    }

    @Override
    public void close() {
        halt();
        workers.forEach(Thread::interrupt);
    }

    private static Duration jittered(Duration interval) {
        double factor =
                0.9 + 0.2 * java.util.concurrent.ThreadLocalRandom.current().nextDouble();
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }
}
