package org.understudy.spool.forwarding;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
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

/**
 * The way to one next hop: what its workers know of it together, and what becomes of that. Who of them gets which message is up to
 * the {@link LaneDispatch}. Thread-safe.
 */
final class Lane implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    /** How long to wait before the queue is looked at again although nobody said that anything came. */
    private static final Duration MOST_LOOK_AGAIN = Duration.ofSeconds(5);

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
    private final LaneThreads threads;
    private final LaneDispatch dispatch;
    private final SessionBreakers breakers = new SessionBreakers();
    private final AtomicLong forwarded = new AtomicLong();
    private final AtomicLong ambiguous = new AtomicLong();
    private volatile List<DomainName> domains;
    private volatile Optional<Instant> lastForwarded = Optional.empty();

    /** False once replies got out of step with commands, for as long as the process lives. */
    private volatile boolean pipelining = true;

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
        this.threads = new LaneThreads(nextHop.toString());
        this.outcomes =
                new Outcomes(store, settings.concurrency() * OUTCOMES_PER_WORKER, why -> lost("our own store: " + why));
        this.xclient = new XclientUse(nextHop.xclient());
        Duration backoff = settings.minimumBackoff();
        this.dispatch = new LaneDispatch(
                new LaneQueue(domains),
                new LaneCondition(nextHop, settings, clock),
                backoff.compareTo(MOST_LOOK_AGAIN) < 0 ? backoff : MOST_LOOK_AGAIN);
    }

    /** @param observer told what the next hop says of recipients; must not wait */
    void start(RecipientObserver observer) {
        threads.begin("reader", new LaneReader(this, store, clock));
        for (int i = 0; i < settings.concurrency(); i++) {
            threads.begin(String.valueOf(i), new LaneWorker(this, i, settings, store, outcomes, observer, clock));
        }
    }

    NextHop nextHop() {
        return nextHop;
    }

    /** Something was stored for this lane. Costs a sender nothing while the lane is down or busy. */
    void wake() {
        dispatch.wake();
    }

    /** The same for what must not wait behind other mail. */
    void wakeFirst(QueueId id) {
        dispatch.wakeFirst(id);
    }

    /** The next hop was seen alive: find out now, not at the next turn. */
    void probeNow() {
        dispatch.tell(LaneCondition::seenAlive);
    }

    /** A person has looked: what froze the lane is mended, and refusals from now on are meant. */
    void thaw() {
        dispatch.turn(LaneCondition::thaw);
    }

    /** What comes this way, and who gets it. */
    LaneDispatch dispatch() {
        return dispatch;
    }

    /**
     * Mail for other domains comes this way from now on.
     *
     * @param frozen those of them whose mail is held
     */
    void serve(Collection<DomainName> others, Predicate<DomainName> frozen) {
        domains = List.copyOf(others);
        dispatch.serve(others, frozen);
    }

    /** The end of a message is about to be sent. */
    void sending(QueueId message) {
        inFlight.begin(message);
    }

    /** What became of a message is on record, or nothing did. Never waits. */
    void done(QueueId message) {
        inFlight.end(message);
        dispatch.done(message);
    }

    boolean pipelining() {
        return pipelining;
    }

    XclientUse xclient() {
        return xclient;
    }

    /** @param forClient true if the next hop takes us for the client that brought the message */
    ReplyRules rules(List<Pattern> ourselves, boolean forClient) {
        return dispatch.ask(condition ->
                new ReplyRules(ourselves, forClient, condition.confidence().isRecovering(clock.instant())));
    }

    /** Says how much of a judgement is to be believed. */
    Judgement weigh(Judgement judgement, ReversePath sender, boolean pilot) {
        return dispatch.ask(condition -> condition.confidence().weigh(judgement, sender, pilot));
    }

    /** A session could be opened. */
    void reached(Capabilities offered) {
        capabilities.learn(nextHop, offered);
        dispatch.turn(LaneCondition::reached);
    }

    /** The next hop cannot take anything now, as it says: stop, hold, and probe. */
    void lost(String why) {
        dispatch.turn(condition -> condition.lost(why));
    }

    /** A session broke: the same, unless that is an accident. */
    void broke(String why) {
        dispatch.turn(condition -> condition.broke(why));
    }

    /** Nobody is there: the same, and look more often. */
    void absent(String why) {
        dispatch.turn(condition -> condition.absent(why));
    }

    /** The session ended under a message: the same, unless that message has done so time and again while others came through. */
    void brokeUnder(QueueId message, String why) {
        boolean atFault = breakers.broke(message, forwarded.get());
        if (atFault) {
            warn(message + " breaks every session, and is tried less and less often: " + why);
        } else {
            broke(why);
        }
    }

    /** The next hop refuses what no message is guilty of: stop, hold, and ask less and less often whether that is still so. */
    void freeze(String why, boolean sessions) {
        dispatch.turn(condition -> condition.freeze(why, sessions));
    }

    /** Something is wrong that stops nothing, but should be seen. */
    void warn(String why) {
        LOG.warn("{}: {}", nextHop, why);
        dispatch.tell(condition -> condition.warned(why));
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
        ambiguous.incrementAndGet();
    }

    /**
     * Units of a message were handed on.
     *
     * @param pilot as {@link LaneTask.Forward} said, if nothing in the transaction spoke against it
     */
    void forwarded(QueueId message, int units, boolean pilot) {
        breakers.cameThrough(message);
        forwarded.addAndGet(units);
        lastForwarded = Optional.of(clock.instant());
        if (pilot) {
            dispatch.turn(LaneCondition::pilotArrived);
        }
        dispatch.tell(LaneCondition::letsMoreIn);
    }

    LaneStatus status() {
        return dispatch.ask(condition -> new LaneStatus(
                nextHop,
                domains,
                condition.state(),
                condition.since(),
                condition.lastError(),
                forwarded.get(),
                lastForwarded,
                ambiguous.get()));
    }

    /** No further messages are begun. */
    void halt() {
        dispatch.halt();
    }

    /** Waits until the messages in hand are through. */
    boolean awaitStop(Duration limit) {
        return threads.awaitEnd(limit);
    }

    @Override
    public void close() {
        halt();
        threads.interrupt();
    }
}
