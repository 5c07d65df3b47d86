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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ReversePath;
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
 *
 * <p>Frozen: everybody waits but one worker, which offers one message now and then, less and less often. The lane goes on when
 * that is accepted, or when a person says so.
 */
final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    /** How long to wait before the queue is looked at again although nobody said that anything came. */
    private static final Duration MOST_LOOK_AGAIN = Duration.ofSeconds(5);
    /** How often a host is looked for where nobody answers at all. */
    private static final Duration LOOK_FOR_ABSENT = Duration.ofSeconds(3);
    /** A frozen lane tries again after two intervals of probing, then four, and so on up to so many. */
    private static final int MOST_INTERVALS_FROZEN = 30;

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
    private final List<Thread> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final LaneQueue queue;
    private List<DomainName> domains;
    private final Confidence confidence = new Confidence();
    private LaneState state = LaneState.UP;
    private Instant since;
    private Optional<String> lastError = Optional.empty();
    private Optional<Instant> lastForwarded = Optional.empty();
    private long forwarded;
    private long ambiguous;
    private int allowedWorkers;
    /** Up again, and not everything that was held has been offered yet. */
    private boolean backlog;

    private boolean probeNow;
    /** When a lane that is down is probed, or one that is frozen tried. */
    private long nextTry;

    private int intervalsFrozen;
    /** Frozen because there is no session to be had, so that a session is all that is needed. */
    private boolean refusesSessions;

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
        this.queue = new LaneQueue(store, domains);
        this.outcomes =
                new Outcomes(store, settings.concurrency() * OUTCOMES_PER_WORKER, why -> lost("our own store: " + why));
        this.xclient = new XclientUse(nextHop.xclient());
        this.lookAgainNanos =
                Math.min(MOST_LOOK_AGAIN.toNanos(), settings.minimumBackoff().toNanos());
        this.since = clock.instant();
        // The first session says whether the next hop is there; until then one worker is enough.
        this.allowedWorkers = 1;
    }

    /** @param observer told what the next hop says of recipients; must not wait */
    void start(RecipientObserver observer) {
        for (int i = 0; i < settings.concurrency(); i++) {
            int number = i;
            Thread thread = new Thread(
                    () -> new LaneWorker(this, number, settings, store, outcomes, observer, clock).run(),
                    "spool-lane-" + nextHop + "-" + i);
            thread.setDaemon(true);
            workers.add(thread);
        }
        workers.forEach(Thread::start);
    }

    NextHop nextHop() {
        return nextHop;
    }

    /** Something was stored for this lane. Costs a sender nothing while the lane is down or busy. */
    void wake() {
        queue.stored();
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

    /** A person has looked: what froze the lane is mended, and refusals from now on are meant. */
    void thaw() {
        lock.lock();
        try {
            confidence.vouchedFor();
            if (state == LaneState.FROZEN) {
                LOG.info("{} is thawed", nextHop);
                goOn();
            }
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
        lock.lock();
        try {
            domains = List.copyOf(others);
            queue.serve(others.stream().filter(frozen.negate()).toList());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No mail for the domain is begun any more. */
    void leave(DomainName domain) {
        lock.lock();
        try {
            queue.leave(domain);
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a message from being handed on until it is given back; false if it is being handed on now. */
    boolean claim(QueueId message) {
        lock.lock();
        try {
            return queue.claim(message);
        } finally {
            lock.unlock();
        }
    }

    void giveBack(QueueId message) {
        lock.lock();
        try {
            queue.putDown(message);
            queue.lookAgain();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
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
                Optional<LaneTask> task = state == LaneState.UP ? takeIfAllowed(worker) : tryIfTime(worker);
                if (task.isPresent()) {
                    return task.get();
                }
                if (hasSession) {
                    return new LaneTask.Rest();
                }
                long untilTry = nextTry - System.nanoTime();
                boolean tryBefore = state != LaneState.UP && untilTry > 0 && untilTry < lookAgainNanos;
                long wait = tryBefore ? untilTry : lookAgainNanos;
                if (changed.awaitNanos(wait) <= 0) {
                    queue.lookAgain();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Caller holds the lock. */
    private Optional<LaneTask> takeIfAllowed(int worker) {
        if (worker >= allowedWorkers) {
            return Optional.empty();
        }
        hungry = true;
        Optional<LaneTask> task = queue.take(clock.instant()).map(m -> new LaneTask.Forward(m, false));
        backlog &= task.isPresent();
        return task;
    }

    /** The next message for a worker that has not quite handed on another; none until the first one was taken. Never waits. */
    Optional<QueuedMessage> takeAhead(int worker) {
        lock.lock();
        try {
            boolean allowed = state == LaneState.UP && !stopping && worker < allowedWorkers && confidence.isProven();
            return allowed ? queue.takeRead() : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** A message that was taken ahead does not fit there; it is the next one for anybody. */
    void putBack(QueuedMessage message) {
        lock.lock();
        try {
            queue.putBack(message);
        } finally {
            lock.unlock();
        }
    }

    /** True if a worker that has taken a message ahead may hand it on. */
    boolean goesOn(int worker) {
        lock.lock();
        try {
            return state == LaneState.UP && !stopping && worker < allowedWorkers;
        } finally {
            lock.unlock();
        }
    }

    /** Caller holds the lock. */
    private Optional<LaneTask> tryIfTime(int worker) {
        boolean time = probeNow || nextTry - System.nanoTime() <= 0;
        if (worker != 0 || !time) {
            return Optional.empty();
        }
        probeNow = false;
        if (state == LaneState.DOWN || refusesSessions) {
            return Optional.of(new LaneTask.Probe());
        }
        hungry = true;
        Optional<LaneTask> pilot = queue.take(clock.instant()).map(m -> new LaneTask.Forward(m, true));
        if (pilot.isPresent()) {
            nextTry = System.nanoTime() + pilotInterval().toNanos();
        }
        return pilot;
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
        lock.lock();
        try {
            return new ReplyRules(ourselves, forClient, confidence.isRecovering(clock.instant()));
        } finally {
            lock.unlock();
        }
    }

    /** Says how much of a judgement is to be believed. */
    Judgement weigh(Judgement judgement, ReversePath sender, boolean pilot) {
        lock.lock();
        try {
            return confidence.weigh(judgement, sender, pilot);
        } finally {
            lock.unlock();
        }
    }

    /** A session could be opened. */
    void reached(Capabilities offered) {
        capabilities.learn(nextHop, offered);
        lock.lock();
        try {
            if (state == LaneState.DOWN || (state == LaneState.FROZEN && refusesSessions)) {
                LOG.info("{} is up again after {}", nextHop, Duration.between(since, clock.instant()));
                confidence.begin(clock.instant());
                goOn();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Caller holds the lock. */
    private void goOn() {
        state = LaneState.UP;
        since = clock.instant();
        backlog = true;
        allowedWorkers = 1;
        intervalsFrozen = 0;
        refusesSessions = false;
        queue.clear();
        changed.signalAll();
    }

    /** The next hop cannot take anything now: stop, hold, and probe. */
    void lost(String why) {
        lost(why, settings.probeInterval());
    }

    /** Nobody is there. To look whether somebody is costs a packet, and nobody is bothered by it. */
    void absent(String why) {
        Duration interval = settings.probeInterval();
        lost(why, interval.compareTo(LOOK_FOR_ABSENT) < 0 ? interval : LOOK_FOR_ABSENT);
    }

    private void lost(String why, Duration probeIn) {
        lock.lock();
        try {
            lastError = Optional.of(why);
            nextTry = System.nanoTime() + jittered(probeIn).toNanos();
            if (state != LaneState.DOWN) {
                LOG.warn("{} is down: {}", nextHop, why);
                stop(LaneState.DOWN);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The next hop refuses what no message is guilty of: stop, hold, and ask less and less often whether that is still so. */
    void freeze(String why, boolean sessions) {
        lock.lock();
        try {
            lastError = Optional.of(why);
            refusesSessions = sessions;
            intervalsFrozen = Math.min(MOST_INTERVALS_FROZEN, Math.max(1, intervalsFrozen) * 2);
            nextTry = System.nanoTime() + pilotInterval().toNanos();
            if (state != LaneState.FROZEN) {
                LOG.error("{} is frozen, and its mail is held: {}", nextHop, why);
                stop(LaneState.FROZEN);
            } else {
                LOG.warn("{} is still frozen: {}", nextHop, why);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Caller holds the lock. */
    private void stop(LaneState stopped) {
        state = stopped;
        since = clock.instant();
        probeNow = false;
        queue.clear();
        changed.signalAll();
    }

    /** Caller holds the lock. */
    private Duration pilotInterval() {
        return jittered(settings.probeInterval().multipliedBy(Math.max(1, intervalsFrozen)));
    }

    /** Something is wrong that stops nothing, but should be seen. */
    void warn(String why) {
        LOG.warn("{}: {}", nextHop, why);
        lock.lock();
        try {
            lastError = Optional.of(why);
        } finally {
            lock.unlock();
        }
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
        lock.lock();
        try {
            ambiguous++;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Units were handed on.
     *
     * @param pilot as {@link LaneTask.Forward} said, if nothing in the transaction spoke against it
     */
    void forwarded(int units, boolean pilot) {
        lock.lock();
        try {
            forwarded += units;
            lastForwarded = Optional.of(clock.instant());
            if (pilot && state == LaneState.FROZEN) {
                LOG.info("{} takes mail again after {}", nextHop, Duration.between(since, clock.instant()));
                confidence.vouchedFor();
                goOn();
            }
            if (allowedWorkers < settings.concurrency()) {
                allowedWorkers = Math.min(settings.concurrency(), allowedWorkers * 2);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    LaneStatus status() {
        lock.lock();
        try {
            boolean recovering = state == LaneState.UP && (backlog || confidence.isRecovering(clock.instant()));
            return new LaneStatus(
                    nextHop, domains, state, since, recovering, lastError, forwarded, lastForwarded, ambiguous);
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
        double factor = 0.9 + 0.2 * ThreadLocalRandom.current().nextDouble();
        return Duration.ofNanos((long) (interval.toNanos() * factor));
    }
}
