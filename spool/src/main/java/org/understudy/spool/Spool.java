package org.understudy.spool;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.spool.dsn.Notices;
import org.understudy.spool.filtering.FilteredIntake;
import org.understudy.spool.forwarding.Connector;
import org.understudy.spool.forwarding.Forwarder;
import org.understudy.spool.forwarding.KnownCapabilities;
import org.understudy.spool.forwarding.RecipientObserver;
import org.understudy.spool.operations.AuditLog;
import org.understudy.spool.operations.Controls;
import org.understudy.spool.reception.ArrivalLog;
import org.understudy.spool.recipients.RecipientDirectory;
import org.understudy.spool.retention.Retention;

/** A backup MX: reception, store and forwarding together. Thread-safe; opened once, started once. */
public final class Spool implements AutoCloseable {
    private final SpoolSettings settings;
    private final Clock clock;
    private final MessageStore store;
    private final KnownCapabilities capabilities;
    private final RecipientDirectory recipients;
    private final Forwarder forwarder;
    private final Optional<FilteredIntake> filter;
    private final ArrivalLog arrivals;
    private final Controls controls;
    private final QueueOperations operations;
    private final Retention retention;
    private volatile @Nullable SmtpReceiver receiver;

    private Spool(SpoolSettings settings, Clock clock, Controls controls, AuditLog audit, MessageStore store) {
        this.settings = settings;
        this.clock = clock;
        this.store = store;
        this.controls = controls;
        this.capabilities = KnownCapabilities.open(
                settings.storage().directory().resolve("capabilities"),
                settings.forwarding().routes());
        this.recipients = new RecipientDirectory(
                settings.recipients(),
                settings.forwarding().routes(),
                nextHop -> callouts(settings, nextHop),
                settings.storage().directory().resolve("recipients.db"),
                this::lane,
                clock);
        this.forwarder = new Forwarder(
                settings.forwarding(),
                store,
                settings.storage().directory().resolve("in-flight"),
                capabilities,
                settings.notices().relay(),
                clock);
        this.filter = settings.filter().isActive() ? Optional.of(filter()) : Optional.empty();
        this.arrivals = new ArrivalLog(
                filter.<MessageIntake>map(first -> first).orElse(forwarder),
                settings.recipients().canary(),
                clock);
        this.forwarder.route(controls.route(settings.forwarding().routes()), controls::isFrozen);
        Path directory = settings.storage().directory();
        Notices notices = new Notices(
                settings.notices(),
                settings.reception().hostName(),
                directory,
                store,
                forwarder,
                domain -> Optional.ofNullable(
                        controls.route(settings.forwarding().routes()).get(domain)),
                clock);
        this.operations = new QueueOperations(
                settings.forwarding().routes(),
                this::requireElsewhere,
                store,
                forwarder,
                controls,
                audit,
                notices,
                clock);
        this.retention = new Retention(settings.retention(), directory, store, forwarder, notices, clock);
    }

    private FilteredIntake filter() {
        return new FilteredIntake(
                forwarder,
                settings.filter(),
                settings.reception().hostName(),
                settings.recipients().canary(),
                recipients::isCertainlyUp,
                capabilities,
                settings.storage().directory().resolve("filtering"));
    }

    private static Connector callouts(SpoolSettings settings, NextHop nextHop) {
        Duration time = settings.recipients().calloutTime();
        SmtpTimeouts timeouts = SmtpTimeouts.all(time);
        return new Connector(nextHop, settings.forwarding().withTimeouts(timeouts), time);
    }

    /** The lane of a domain whose mail is not held. */
    private Optional<LaneStatus> lane(DomainName domain) {
        return controls.isFrozen(domain) ? Optional.empty() : forwarder.status(domain);
    }

    /**
     * Opens the store and recovers what an earlier process left; neither listens nor forwards yet.
     *
     * @throws SpoolException if the directory cannot be used or a next hop is this spool itself
     */
    public static Spool open(SpoolSettings settings, Clock clock) {
        settings.forwarding()
                .routes()
                .forEach((domain, nextHop) ->
                        requireElsewhere(settings, settings.reception().listen(), domain, nextHop));
        settings.notices()
                .relay()
                .ifPresent(relay ->
                        requireElsewhere(settings, settings.reception().listen(), NoticeSettings.QUEUE, relay));
        Path directory = settings.storage().directory();
        Controls controls = Controls.open(directory.resolve(Controls.FILE));
        AuditLog audit = AuditLog.open(directory.resolve(AuditLog.FILE), clock);
        MessageStore store = MessageStores.embedded(settings.storage(), clock);
        try {
            return new Spool(settings, clock, controls, audit, store);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private void requireElsewhere(DomainName domain, NextHop nextHop) {
        requireElsewhere(settings, addresses(), domain, nextHop);
    }

    private static void requireElsewhere(
            SpoolSettings settings, List<InetSocketAddress> listen, DomainName domain, NextHop nextHop) {
        boolean ourselves =
                Ourselves.isNextHop(nextHop, listen, settings.reception().hostName());
        if (ourselves) {
            throw new SpoolException(
                    "The next hop " + nextHop + " of " + domain + " is the spool itself: name the primary.");
        }
    }

    /**
     * Listens and begins to forward.
     *
     * @throws SpoolException if an address cannot be used
     */
    public void start() {
        receiver = SmtpReceiver.start(settings.reception(), recipients, capabilities, arrivals, clock);
        recipients.start();
        forwarder.start(
                settings.recipients().domains().isEmpty() ? RecipientObserver.NONE : recipients,
                settings.recipients().canary());
        retention.start();
    }

    /** Where it listens, with the ports really used; empty before the start. */
    public List<InetSocketAddress> addresses() {
        SmtpReceiver open = receiver;
        return open == null ? List.of() : open.addresses();
    }

    public SpoolStatus status() {
        SmtpReceiver open = receiver;
        return new SpoolStatus(
                forwarder.status(),
                List.copyOf(controls.all()),
                store.counts(),
                store.health(),
                open == null ? new ReceptionCounts(0, 0, 0, 0, 0) : open.counts(),
                recipients.counts(),
                filter.map(FilteredIntake::counts).orElse(FilterCounts.NONE));
    }

    /** True if the message is here and not settled. */
    public boolean isQueued(QueueId id) {
        return store.find(id).isPresent();
    }

    /** Somebody saw the next hop alive: the lane finds out now, not at its next turn (RFC 5321 section 4.5.4.1). */
    public void signOfLife(NextHop nextHop) {
        signOfLife(nextHop, "somebody");
    }

    /**
     * The same, remembering who saw it.
     *
     * @param observer by name: each counts with what it saw last
     */
    public void signOfLife(NextHop nextHop, String observer) {
        recipients.saw(nextHop, observer, true);
        forwarder.signOfLife(nextHop);
    }

    /** Somebody could not reach the next hop: while that is so, mail is not sent there by deferring it here. */
    public void signOfTrouble(NextHop nextHop, String observer) {
        recipients.saw(nextHop, observer, false);
    }

    /** What would be said to a recipient now, and why; nobody is asked for it, and nothing changes. */
    public RecipientExplanation explain(ForwardPath recipient) {
        return recipients.explain(recipient);
    }

    /** How long mail waits by itself. */
    public Duration retention() {
        return settings.retention().limit();
    }

    /** The newest messages that came for a domain since the start, at most 100, oldest first; canaries are none. */
    public List<Arrival> arrivals(DomainName domain) {
        return arrivals.latest(domain);
    }

    /** What operators see of the queue and do to it. */
    public QueueOperations operations() {
        return operations;
    }

    /**
     * Stops without cutting anybody: senders get their 250 or 451, new ones 421, messages being handed on come through.
     *
     * @return true if all had ended within the limit
     */
    public boolean drain(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        SmtpReceiver open = receiver;
        boolean received = open == null || open.drain(limit);
        boolean handedOn = forwarder.drain(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        return received && handedOn;
    }

    @Override
    public void close() {
        SmtpReceiver open = receiver;
        if (open != null) {
            open.close();
        }
        retention.close();
        forwarder.close();
        recipients.close();
        store.close();
    }
}
