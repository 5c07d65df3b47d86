package org.understudy.spool;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.MessageContent;
import org.understudy.spool.dsn.Notices;
import org.understudy.spool.forwarding.Forwarder;
import org.understudy.spool.operations.AuditLog;
import org.understudy.spool.operations.Controls;

/**
 * What operators see of the queue and do to it. Every order is in the audit log before it is carried out. Thread-safe.
 *
 * <p>A message that is being handed on at that moment is not touched: an order that comes in between would be wrong about it.
 */
public final class QueueOperations {
    private static final Logger LOG = LoggerFactory.getLogger(QueueOperations.class);
    private static final int PAGE = 500;
    /** How long messages of a domain that gets another next hop may take to leave the old one's hands. */
    private static final Duration HANDOVER = Duration.ofSeconds(30);

    private final Map<DomainName, NextHop> routes;
    private final BiConsumer<DomainName, NextHop> requireElsewhere;
    private final MessageStore store;
    private final Forwarder forwarder;
    private final Controls controls;
    private final AuditLog audit;
    private final Notices notices;
    private final Clock clock;

    /**
     * Works on a store and its forwarder.
     *
     * @param routes as configured
     * @param requireElsewhere throws a {@link SpoolException} for a next hop that is the spool itself
     */
    QueueOperations(
            Map<DomainName, NextHop> routes,
            BiConsumer<DomainName, NextHop> requireElsewhere,
            MessageStore store,
            Forwarder forwarder,
            Controls controls,
            AuditLog audit,
            Notices notices,
            Clock clock) {
        this.routes = routes;
        this.requireElsewhere = requireElsewhere;
        this.store = store;
        this.forwarder = forwarder;
        this.controls = controls;
        this.audit = audit;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * Messages with a unit that is meant, oldest first, with all their units. May give fewer than asked for, or none, before the
     * end: the next page begins behind {@link Page#last}.
     */
    public Page list(QueueFilter filter, Optional<QueueId> after, int limit) {
        List<QueuedMessage> found = new ArrayList<>();
        Optional<QueueId> last = after;
        boolean more = true;
        while (more && found.size() < limit) {
            List<QueuedMessage> page = store.list(filter.domain(), filter.states(), last, Math.min(PAGE, limit));
            more = !page.isEmpty();
            for (QueuedMessage message : page) {
                if (found.size() == limit) {
                    return new Page(found, last, true);
                }
                last = Optional.of(message.id());
                if (filter.matches(message) && message.units().stream().anyMatch(filter::matches)) {
                    found.add(message);
                }
            }
        }
        return new Page(found, last, more);
    }

    /**
     * Part of a list.
     *
     * @param last where it ended
     * @param more true if there may be more
     */
    public record Page(List<QueuedMessage> messages, Optional<QueueId> last, boolean more) {
        public Page {
            messages = List.copyOf(messages);
        }
    }

    /** A message that is not settled. */
    public Optional<QueuedMessage> find(QueueId id) {
        return store.find(id);
    }

    /** Its content, our trace field included; opening it fails with an IOException if it is not readable. */
    public MessageContent content(QueueId id) {
        return store.content(id);
    }

    /** How old the queue of each domain is. */
    public QueueAges ages(List<Duration> limits) {
        return store.ages(limits, clock.instant());
    }

    /**
     * Does something to units.
     *
     * @throws IllegalArgumentException if a reason is missing, or notices have no way out, in one sentence
     * @throws SpoolException if it cannot be recorded; what was done until then stands
     */
    public OrderResult order(QueueAction action, QueueSelection selection, OperatorOrder order) {
        if (action.end().isTerminal() && order.reason().isEmpty()) {
            throw new IllegalArgumentException("Mail is thrown away, or returned, only with a reason: give one.");
        }
        if (action == QueueAction.RETURN) {
            notices.requireRelay();
        }
        String name = action.name().toLowerCase(Locale.ROOT);
        AuditLog.Ordered ordered = audit.begin(order, name, selection.toString());
        Execution execution = new Execution(action, selection.filter().within(action.from()), order);
        try {
            if (selection.ids().isEmpty()) {
                execution.runThroughQueue();
            } else {
                execution.run(selection.ids());
            }
        } catch (RuntimeException e) {
            ordered.end("failed after " + execution.words() + ": " + e.getMessage());
            throw e;
        }
        ordered.end("done: " + execution.words());
        LOG.info("{} {}: {}", order.words(name), selection, execution.words());
        return execution.result();
    }

    /** One order while it is carried out. */
    private final class Execution {
        private final QueueAction action;
        private final QueueFilter filter;
        private final OperatorOrder order;
        private final List<QueueId> busy = new ArrayList<>();
        private final List<QueueId> missing = new ArrayList<>();
        private final List<OrderResult.Refusal> refused = new ArrayList<>();
        private long messages;
        private long units;

        Execution(QueueAction action, QueueFilter filter, OperatorOrder order) {
            this.action = action;
            this.filter = filter;
            this.order = order;
        }

        void runThroughQueue() {
            Optional<QueueId> last = Optional.empty();
            // What comes while it runs is not meant.
            QueueFilter before = filter.before(clock.instant().plusMillis(1));
            boolean more = true;
            while (more) {
                Page page = list(before, last, PAGE);
                run(page.messages().stream().map(QueuedMessage::id).toList());
                last = page.last();
                more = page.more();
            }
        }

        void run(List<QueueId> ids) {
            List<CompletableFuture<Void>> recorded = new ArrayList<>();
            for (QueueId id : ids) {
                if (forwarder.claim(id)) {
                    recorded.add(change(id).whenComplete((done, failure) -> forwarder.giveBack(id)));
                } else {
                    busy.add(id);
                }
            }
            try {
                CompletableFuture.allOf(recorded.toArray(CompletableFuture[]::new))
                        .join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof SpoolException failed ? failed : e;
            }
        }

        private CompletableFuture<Void> change(QueueId id) {
            try {
                Optional<QueuedMessage> message = store.find(id);
                if (message.isEmpty()) {
                    missing.add(id);
                }
                List<UnitChange> changes =
                        message.filter(filter::matches).map(this::changes).orElse(List.of());
                if (changes.isEmpty()) {
                    return CompletableFuture.completedFuture(null);
                }
                messages++;
                units += changes.size();
                return store.recordLater(id, changes);
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private List<UnitChange> changes(QueuedMessage message) {
            List<Unit> meant = message.units().stream().filter(filter::matches).toList();
            return action == QueueAction.RETURN && !meant.isEmpty()
                    ? returned(message, meant)
                    : meant.stream().map(this::change).toList();
        }

        /** The notice is on stable storage before anything says that there is one: a crash sends it twice, never not at all. */
        private List<UnitChange> returned(QueuedMessage message, List<Unit> meant) {
            Notices.Outcome told = notices.returned(message, meant);
            if (told.notice().isEmpty()) {
                refused.add(new OrderResult.Refusal(message.id(), told.refusal()));
                return List.of();
            }
            String words = order.words("returned by notice " + told.notice().get());
            return told.units().stream()
                    .map(unit -> UnitChange.withoutAttempt(unit.number(), action.end(), Instant.EPOCH, words))
                    .toList();
        }

        private UnitChange change(Unit unit) {
            String words = switch (action) {
                case RETRY -> unit.lastReply().orElse("");
                case HOLD -> unit.wordsAfter(order.words("held"));
                case RELEASE -> unit.wordsAfter(order.words("released"));
                case DISCARD -> order.words("discarded");
                case RETURN -> order.words("returned");
            };
            return UnitChange.withoutAttempt(unit.number(), action.end(), Instant.EPOCH, words);
        }

        String words() {
            return "messages " + messages + ", recipients " + units + (busy.isEmpty() ? "" : ", busy " + busy.size())
                    + (missing.isEmpty() ? "" : ", not in the spool " + missing.size())
                    + (refused.isEmpty() ? "" : ", refused " + refused.size());
        }

        OrderResult result() {
            return new OrderResult(messages, units, busy, missing, refused);
        }
    }

    /** What is ordered for domains. */
    public Collection<DomainControl> controls() {
        return controls.all();
    }

    /**
     * Holds all mail for a domain, for planned maintenance: it is accepted as ever, and nothing is tried.
     *
     * @throws IllegalArgumentException if the domain is not relayed, in one sentence
     */
    public void freeze(DomainName domain, OperatorOrder order) {
        requireRelayed(domain);
        carryOut(order, "freeze", domain.text(), () -> {
            Optional<NextHop> rerouted = controls.of(domain).flatMap(DomainControl::rerouted);
            controls.set(new DomainControl(domain, Optional.of(clock.instant()), rerouted, order.words("frozen")));
            apply();
        });
    }

    /** Ends that. Nothing happens to a domain that is not frozen. */
    public void thaw(DomainName domain, OperatorOrder order) {
        requireRelayed(domain);
        carryOut(order, "thaw", domain.text(), () -> {
            controls.of(domain)
                    .ifPresent(c -> controls.set(
                            new DomainControl(domain, Optional.empty(), c.rerouted(), order.words("thawed"))));
            apply();
        });
    }

    /**
     * Hands the mail of a domain to another next hop, what is queued as well as what comes, until the order is taken back.
     *
     * @param to empty for the configured one
     * @throws IllegalArgumentException if the domain is not relayed, in one sentence
     * @throws SpoolException if its messages do not leave the hands of the old next hop
     */
    public void reroute(DomainName domain, Optional<NextHop> to, OperatorOrder order) {
        requireRelayed(domain);
        to.ifPresent(nextHop -> requireElsewhere.accept(domain, nextHop));
        String subject = domain + " to " + to.map(NextHop::toString).orElse("its configured next hop");
        carryOut(order, "reroute", subject, () -> {
            Optional<Instant> frozen = controls.of(domain).flatMap(DomainControl::frozen);
            if (!forwarder.release(domain, HANDOVER)) {
                apply();
                throw new SpoolException("Mail for " + domain + " is still being handed to "
                        + controls.route(routes).get(domain) + ": order it again.");
            }
            try {
                controls.set(new DomainControl(domain, frozen, to, order.words("rerouted")));
            } finally {
                apply();
            }
        });
    }

    private void apply() {
        forwarder.route(controls.route(routes), controls::isFrozen);
    }

    private void requireRelayed(DomainName domain) {
        if (!routes.containsKey(domain)) {
            throw new IllegalArgumentException("The spool takes no mail for " + domain + ": it relays "
                    + String.join(
                            ", ",
                            routes.keySet().stream()
                                    .map(DomainName::text)
                                    .sorted()
                                    .toList()) + ".");
        }
    }

    /**
     * An operator has mended what froze the lane to a next hop: it goes on at once, and refusals are believed from now on.
     *
     * @throws IllegalArgumentException if there is no such lane, in one sentence
     */
    public void thawLane(String nextHop, OperatorOrder order) {
        List<NextHop> hops = forwarder.status().stream()
                .map(LaneStatus::nextHop)
                .filter(hop -> hop.toString().equals(nextHop))
                .toList();
        if (hops.isEmpty()) {
            throw new IllegalArgumentException("There is no lane to " + nextHop + ".");
        }
        carryOut(order, "thaw-lane", nextHop, () -> hops.forEach(forwarder::thaw));
    }

    private void carryOut(OperatorOrder order, String action, String subject, Runnable work) {
        AuditLog.Ordered ordered = audit.begin(order, action, subject);
        try {
            work.run();
        } catch (RuntimeException e) {
            ordered.end("failed: " + e.getMessage());
            throw e;
        }
        ordered.end("done");
        LOG.info("{}: {}", order.words(action), subject);
    }

    /** The newest entries of the audit log, oldest first. */
    public List<AuditEntry> audit(int most) {
        return audit.newest(most);
    }
}
