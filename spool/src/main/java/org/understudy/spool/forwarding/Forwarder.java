package org.understudy.spool.forwarding;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.MessageStore;
import org.understudy.spool.NextHop;
import org.understudy.spool.NoticeSettings;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.RecipientRequest;
import org.understudy.spool.SpoolException;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** All lanes of a spool. Takes drafts on their way to the store, to wake a lane the moment one is durable. Thread-safe. */
public final class Forwarder implements MessageIntake, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final String CUT_OFF = "the process ended before the reply to the whole message was read";

    private final ForwardingSettings settings;
    private final MessageStore store;
    private final InFlight inFlight;
    private final KnownCapabilities capabilities;
    private final Clock clock;
    private final Optional<NextHop> noticeRelay;
    /** Lanes only come; one that serves no domain any more has nothing to do. */
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();

    private boolean started;
    private RecipientObserver observer = RecipientObserver.NONE;
    private volatile Predicate<RecipientRequest> goesFirst = request -> false;

    /**
     * Does nothing before {@link #start}.
     *
     * @param inFlight file for what is being handed on, which outlives the process
     * @param capabilities learns what next hops offer
     * @param noticeRelay takes notices to senders, and nothing else unless it is a next hop as well
     * @throws SpoolException if what an earlier process left in it cannot be looked at
     */
    public Forwarder(
            ForwardingSettings settings,
            MessageStore store,
            Path inFlight,
            KnownCapabilities capabilities,
            Optional<NextHop> noticeRelay,
            Clock clock) {
        this.noticeRelay = noticeRelay;
        this.settings = settings;
        this.store = store;
        this.capabilities = capabilities;
        this.clock = clock;
        this.inFlight = InFlight.open(inFlight);
        route(settings.routes(), domain -> false);
    }

    /**
     * Hands on by other routes from now on. What is in hands of a lane stays there until it has come to its end; see
     * {@link #release}.
     *
     * @param frozen domains whose mail is held
     */
    public synchronized void route(Map<DomainName, NextHop> routes, Predicate<DomainName> frozen) {
        capabilities.route(routes);
        Map<NextHop, List<DomainName>> byNextHop = routes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue,
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toCollection(ArrayList::new))));
        noticeRelay.ifPresent(relay ->
                byNextHop.computeIfAbsent(relay, none -> new ArrayList<>()).add(NoticeSettings.QUEUE));
        for (NextHop nextHop : byNextHop.keySet()) {
            if (lanes.stream().noneMatch(lane -> lane.nextHop().equals(nextHop))) {
                Lane lane = new Lane(nextHop, List.of(), settings, store, inFlight, capabilities, clock);
                lanes.add(lane);
                if (started) {
                    lane.start(observer);
                }
            }
        }
        lanes.forEach(lane -> lane.serve(byNextHop.getOrDefault(lane.nextHop(), List.of()), frozen));
    }

    /** Takes a domain out of every lane; false if its messages have not left their hands within the limit. */
    public synchronized boolean release(DomainName domain, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        lanes.forEach(lane -> lane.dispatch().leave(domain));
        return lanes.stream()
                .allMatch(lane ->
                        lane.dispatch().awaitHands(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    public void start() {
        start(RecipientObserver.NONE, request -> false);
    }

    /**
     * Begins to hand on mail.
     *
     * @param told what next hops say of recipients; must not wait
     * @param first recognises mail that must not wait behind other mail
     */
    public synchronized void start(RecipientObserver told, Predicate<RecipientRequest> first) {
        inFlight.left().forEach(this::delay);
        observer = told;
        goesFirst = first;
        started = true;
        lanes.forEach(lane -> lane.start(observer));
    }

    /** Its final dot was sent when an earlier process ended, or nearly: it may have been taken (RFC 1047). */
    private void delay(QueueId id) {
        Optional<QueuedMessage> message = store.find(id);
        List<Unit> queued = message.stream()
                .flatMap(m -> m.units().stream())
                .filter(unit -> unit.state() == UnitState.QUEUED)
                .toList();
        if (queued.isEmpty()) {
            return;
        }
        Instant again = clock.instant().plus(settings.patience().lostReply());
        store.record(
                id,
                queued.stream()
                        .map(u -> new UnitChange(u.number(), UnitState.QUEUED, again, CUT_OFF, ""))
                        .toList());
        queued.stream()
                .flatMap(unit -> unit.recipient().path().domainName().stream())
                .distinct()
                .forEach(domain -> lanes.stream()
                        .filter(lane -> lane.status().domains().contains(domain))
                        .forEach(Lane::ambiguous));
        LOG.warn("{}: {}; it is sent again at {}, and may arrive twice", id, CUT_OFF, again);
    }

    /** Keeps a message from being handed on until it is given back; false if it is being handed on now. */
    public boolean claim(QueueId id) {
        List<Lane> claimed = new ArrayList<>();
        for (Lane lane : lanes) {
            if (!lane.dispatch().claim(id)) {
                claimed.forEach(earlier -> earlier.dispatch().giveBack(id));
                return false;
            }
            claimed.add(lane);
        }
        return true;
    }

    /** Ends {@link #claim}; what was changed meanwhile counts. */
    public void giveBack(QueueId id) {
        lanes.forEach(lane -> lane.dispatch().giveBack(id));
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        MessageDraft draft = store.begin(envelope, origin);
        boolean first = RecipientRequest.all(envelope, origin).stream().anyMatch(goesFirst);
        QueueId id = draft.id();
        return draft.onceStored(() -> lanes.forEach(first ? lane -> lane.wakeFirst(id) : Lane::wake));
    }

    /** The next hop was seen alive by somebody else. */
    public void signOfLife(NextHop nextHop) {
        lanes.stream().filter(l -> l.nextHop().equals(nextHop)).forEach(Lane::probeNow);
    }

    /** What froze the lane to that next hop is mended: it goes on, and what is refused from now on is meant. */
    public void thaw(NextHop nextHop) {
        lanes.stream().filter(l -> l.nextHop().equals(nextHop)).forEach(Lane::thaw);
    }

    /** The lane that serves a domain; empty if none does. */
    public Optional<LaneStatus> status(DomainName domain) {
        return lanes.stream()
                .map(Lane::status)
                .filter(lane -> lane.domains().contains(domain))
                .findFirst();
    }

    public List<LaneStatus> status() {
        return lanes.stream().map(Lane::status).toList();
    }

    /**
     * Lets messages that are being handed on come through, and begins no others.
     *
     * @return true if all had ended within the limit
     */
    public boolean drain(Duration limit) {
        lanes.forEach(Lane::halt);
        long deadline = System.nanoTime() + limit.toNanos();
        return lanes.stream().allMatch(l -> l.awaitStop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
        inFlight.close();
    }
}
