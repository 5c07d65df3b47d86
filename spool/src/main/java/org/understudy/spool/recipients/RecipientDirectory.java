package org.understudy.spool.recipients;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.spool.DirectorySettings;
import org.understudy.spool.LaneState;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.LearnedRecipient.Standing;
import org.understudy.spool.NextHop;
import org.understudy.spool.PrimaryState;
import org.understudy.spool.RecipientCounts;
import org.understudy.spool.RecipientDecision;
import org.understudy.spool.RecipientExplanation;
import org.understudy.spool.RecipientPolicy;
import org.understudy.spool.RecipientRequest;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.forwarding.Connector;
import org.understudy.spool.forwarding.RecipientAnswer;
import org.understudy.spool.forwarding.RecipientObserver;

/**
 * Answers RCPT for all relay domains: from memory at once, else by asking the next hop, which takes at most the time for a
 * callout. Thread-safe; nothing it does on a caller's thread waits.
 */
public final class RecipientDirectory implements RecipientPolicy, RecipientObserver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecipientDirectory.class);
    private static final long TICK_MILLIS = 1000;
    private static final CompletableFuture<RecipientDecision> RELAY_DENIED = CompletableFuture.completedFuture(
            RecipientDecision.refuse(DirectoryReplies.RELAY_DENIED, "not a relay domain"));
    private static final CompletableFuture<RecipientDecision> ROUTE_REFUSED = CompletableFuture.completedFuture(
            RecipientDecision.refuse(DirectoryReplies.ROUTE_REFUSED, "a route in the local part"));

    private final DirectorySettings settings;
    private final Map<DomainName, NextHop> routes;
    private final Map<DomainName, DomainDirectory> domains = new HashMap<>();
    private final Function<DomainName, Optional<LaneStatus>> lanes;
    private final Clock clock;
    private final AcceptanceGate gate;
    private final Vantages vantages = new Vantages();
    private final Optional<LearnedRecipients> learned;
    private final Callouts callouts;
    private final SenderChecks senders;
    private final ScheduledExecutorService housekeeper;

    /**
     * Reads what is known; asks nobody yet.
     *
     * @param routes next hop of each relay domain
     * @param connectors by which next hops are asked
     * @param file of what was learned; not made while no domain has a directory
     * @param lanes how the next hop of a domain does; empty while its mail is held
     */
    public RecipientDirectory(
            DirectorySettings settings,
            Map<DomainName, NextHop> routes,
            Function<NextHop, Connector> connectors,
            Path file,
            Function<DomainName, Optional<LaneStatus>> lanes,
            Clock clock) {
        this.settings = settings;
        this.routes = Map.copyOf(routes);
        this.lanes = lanes;
        this.clock = clock;
        this.gate = new AcceptanceGate(settings.canary());
        this.learned =
                settings.domains().isEmpty() ? Optional.empty() : Optional.of(new LearnedRecipients(file, clock));
        Map<NextHop, RefusalGuard> guards = new HashMap<>();
        DeferredRecipients deferred = new DeferredRecipients();
        learned.ifPresent(memory -> settings.domains().forEach((domain, wanted) -> {
            NextHop nextHop = routes.get(domain);
            if (nextHop != null) {
                RefusalGuard guard = guards.computeIfAbsent(nextHop, hop -> new RefusalGuard());
                domains.put(domain, new DomainDirectory(domain, nextHop, wanted, memory, deferred, guard));
            }
        }));
        this.callouts = new Callouts(connectors, settings.calloutTime(), new Learning(), clock);
        this.senders = new SenderChecks(settings.senders(), settings.calloutTime(), clock);
        this.housekeeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "spool-recipients");
            thread.setDaemon(true);
            return thread;
        });
        renewLists();
    }

    /** Begins to follow the lists and to keep what is learned. */
    public void start() {
        if (learned.isPresent()) {
            Future<?> unused =
                    housekeeper.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void tick() {
        try {
            renewLists();
            learned.ifPresent(LearnedRecipients::flush);
        } catch (RuntimeException e) {
            LOG.error("unforeseen in the recipient directory", e);
        }
    }

    private void renewLists() {
        domains.values().forEach(d -> d.renew(clock.instant()));
    }

    @Override
    public CompletableFuture<RecipientDecision> decide(RecipientRequest request) {
        ForwardPath recipient = request.recipient();
        // RFC 5321 section 4.5.1: postmaster is always taken.
        if (recipient.domain().isEmpty()) {
            return RecipientDecision.acceptedAtOnce();
        }
        // Exactly the domain: a subdomain is a domain of its own.
        Optional<DomainName> domain = recipient.domainName().filter(routes::containsKey);
        if (domain.isEmpty()) {
            return RELAY_DENIED;
        } else if (DirectoryReplies.isRoute(recipient)) {
            return ROUTE_REFUSED;
        }
        DomainDirectory directory = domains.get(domain.get());
        return directory == null ? RecipientDecision.acceptedAtOnce() : decide(request, directory);
    }

    private CompletableFuture<RecipientDecision> decide(RecipientRequest request, DomainDirectory directory) {
        Instant now = clock.instant();
        Primary primary = primary(directory);
        boolean certain = vantages.allSeeAlive(primary.nextHop(), now);
        AcceptanceGate.Passage passage = gate.pass(request, directory.settings(), primary.state(), certain, now);
        if (!passage.open()) {
            gate.countDeferred();
            return CompletableFuture.completedFuture(report(
                    request,
                    RecipientDecision.refuse(
                            DirectoryReplies.USE_THE_PRIMARY, "first contact while the primary is up")));
        }
        ForwardPath recipient = request.recipient();
        Optional<RecipientDecision> known = directory.fromMemory(recipient, primary.state(), now);
        boolean mayAsk = directory.mayAsk(recipient, primary.state());
        if (known.isEmpty() && mayAsk) {
            return callouts.ask(primary.nextHop(), recipient, directory.wantsRandom(now))
                    .thenCompose(words -> afterCallout(request, directory, words))
                    .thenApply(decision -> settle(request, passage, decision));
        }
        if (known.isPresent() && mayAsk && directory.isStale(recipient, now)) {
            CompletableFuture<String> unused = callouts.ask(primary.nextHop(), recipient, directory.wantsRandom(now));
        }
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(settle(request, passage, known.get()));
        }
        return unverified(request, directory, whyNotAsked(directory, primary))
                .thenApply(decision -> settle(request, passage, decision));
    }

    /** What was learned by the callout decides, if anything was. */
    private CompletableFuture<RecipientDecision> afterCallout(
            RecipientRequest request, DomainDirectory directory, String words) {
        Instant now = clock.instant();
        PrimaryState primary = primary(directory).state();
        return directory
                .fromMemory(request.recipient(), primary, now)
                .map(CompletableFuture::completedFuture)
                .orElseGet(() -> unverified(request, directory, words + directory.whyNotBelieved(words, primary, now)));
    }

    private CompletableFuture<RecipientDecision> unverified(
            RecipientRequest request, DomainDirectory directory, String why) {
        CompletableFuture<Boolean> authentic = directory.wantsAuthentication()
                ? senders.isAuthentic(request)
                : CompletableFuture.completedFuture(false);
        return authentic.thenApply(is -> directory.unverified(why, is, clock.instant()));
    }

    private static String whyNotAsked(DomainDirectory directory, Primary primary) {
        if (!directory.settings().callout()) {
            return "nobody is asked (callout: false)";
        }
        return primary.state() == PrimaryState.DOWN
                ? primary.nextHop() + " cannot be asked: it is down, or mail for it is held"
                : "it cannot be asked for without SMTPUTF8";
    }

    private RecipientDecision settle(
            RecipientRequest request, AcceptanceGate.Passage passage, RecipientDecision decision) {
        if (decision.isAccepted()) {
            gate.count(passage);
        }
        return report(request, decision);
    }

    private static RecipientDecision report(RecipientRequest request, RecipientDecision decision) {
        if (decision.refusal().isPresent()) {
            LOG.info(
                    "{} from {} at {}: {}: {}",
                    request.recipient(),
                    request.reversePath(),
                    request.client().getHostAddress(),
                    decision.refusal().get(),
                    decision.reason());
        } else {
            LOG.debug("{} is accepted: {}", request.recipient(), decision.reason());
        }
        return decision;
    }

    /** Where mail of a domain goes now, and how that does. */
    private record Primary(NextHop nextHop, PrimaryState state) {}

    private Primary primary(DomainDirectory directory) {
        Optional<LaneStatus> lane = lanes.apply(directory.domain());
        NextHop nextHop = lane.map(LaneStatus::nextHop).orElse(directory.nextHop());
        PrimaryState state = switch (lane.map(LaneStatus::state).orElse(LaneState.DOWN)) {
            case UP -> PrimaryState.UP;
            case RECOVERING -> PrimaryState.RECOVERING;
            case SUSPECT, DOWN, FROZEN -> PrimaryState.DOWN;
        };
        return new Primary(nextHop, state);
    }

    /** True if mail for a domain can go to its primary: it takes mail, somebody sees it up, and nobody sees it down. */
    public boolean isCertainlyUp(DomainName domain) {
        return lanes.apply(domain)
                .filter(lane -> lane.state() == LaneState.UP && vantages.allSeeAlive(lane.nextHop(), clock.instant()))
                .isPresent();
    }

    /** Says what would be answered now, and why; asks nobody and changes nothing. */
    public RecipientExplanation explain(ForwardPath recipient) {
        Optional<DomainName> domain = recipient.domainName().filter(routes::containsKey);
        if (domain.isPresent() && DirectoryReplies.isRoute(recipient)) {
            return new RecipientExplanation(
                    recipient.address(),
                    Optional.of(DirectoryReplies.ROUTE_REFUSED.toString()),
                    "a route in the local part",
                    Optional.empty(),
                    Optional.empty());
        }
        DomainDirectory directory = domain.map(domains::get).orElse(null);
        if (directory == null) {
            boolean taken = domain.isPresent() || recipient.domain().isEmpty();
            return new RecipientExplanation(
                    recipient.address(),
                    Optional.of(taken ? Explanations.ACCEPTED : DirectoryReplies.RELAY_DENIED.toString()),
                    taken ? "no directory is configured: all recipients of its domain are taken" : "not a relay domain",
                    Optional.empty(),
                    Optional.empty());
        }
        Instant now = clock.instant();
        Primary primary = primary(directory);
        boolean mayAsk = directory.mayAsk(recipient, primary.state());
        String whyNot = mayAsk ? "" : whyNotAsked(directory, primary);
        boolean deferring = Explanations.deferring(
                directory.settings(), primary.state(), vantages.allSeeAlive(primary.nextHop(), now));
        return Explanations.of(
                recipient,
                directory.fromMemory(recipient, primary.state(), now),
                mayAsk || directory.wantsAuthentication()
                        ? Optional.empty()
                        : Optional.of(directory.unverified(whyNot, false, now)),
                mayAsk ? primary.nextHop() + " would be asked" : whyNot + ", and it depends on the sender",
                deferring,
                primary.state(),
                learned.flatMap(l -> l.find(recipient)));
    }

    /** Somebody looked at a next hop. */
    public void saw(NextHop nextHop, String observer, boolean alive) {
        vantages.saw(nextHop, observer, alive, clock.instant());
    }

    @Override
    public void answered(RecipientAnswer answer) {
        Instant now = clock.instant();
        if (answer.isSignOfLife()) {
            vantages.saw(answer.nextHop(), answer.callout() ? "callouts" : "deliveries", true, now);
        }
        Optional<DomainDirectory> directory = answer.recipient().domainName().map(domains::get);
        directory.ifPresent(d -> d.learn(answer, primary(d).state(), now));
    }

    /** Counts since start. */
    public RecipientCounts counts() {
        Map<DomainName, RecipientSettings> wanted = settings.domains();
        return new RecipientCounts(
                learned.map(l -> l.count(Standing.KNOWN, wanted)).orElse(0L),
                learned.map(l -> l.count(Standing.REFUSED, wanted)).orElse(0L),
                callouts.made(),
                callouts.failed(),
                gate.deferred(),
                gate.accepted());
    }

    @Override
    public void close() {
        callouts.close();
        senders.close();
        housekeeper.shutdown();
        boolean ended = false;
        try {
            ended = housekeeper.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ended) {
            learned.ifPresent(LearnedRecipients::close);
        }
    }

    private final class Learning implements Callouts.Listener {
        @Override
        public void answered(RecipientAnswer answer) {
            RecipientDirectory.this.answered(answer);
        }

        @Override
        public void triedRandom(DomainName domain, boolean taken) {
            learned.ifPresent(l -> l.catchAll(domain, taken));
        }
    }
}
