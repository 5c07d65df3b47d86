package org.understudy.agent.bridge;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.understudy.probes.ForwardingSnapshot;
import org.understudy.probes.ForwardingSnapshot.Deferral;
import org.understudy.probes.ForwardingSource;
import org.understudy.smtp.DomainName;
import org.understudy.spool.LaneState;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.QueueCounts.DomainQueue;
import org.understudy.spool.QueueFilter;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolStatus;
import org.understudy.spool.UnitState;

/** The lane of the bundled spool that a domain's mail takes, as the forwarding probe reads it. Thread-safe. */
public final class SpoolForwardingSource implements ForwardingSource {
    private static final int OLDEST = 50;
    private static final Pattern FOR_NOW = Pattern.compile("^4\\d\\d\\b");

    private final Spool spool;
    private final DomainName domain;

    public SpoolForwardingSource(Spool spool, DomainName domain) {
        this.spool = spool;
        this.domain = domain;
    }

    @Override
    public ForwardingSnapshot read() {
        SpoolStatus status = spool.status();
        LaneStatus lane = status.lanes().stream()
                .filter(l -> l.domains().contains(domain))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no lane for " + domain));
        DomainQueue queue = status.counts().domains().get(domain);
        return new ForwardingSnapshot(
                lane.nextHop().toString(),
                lane.state() == LaneState.FROZEN,
                lane.state() == LaneState.DOWN,
                lane.since(),
                lane.lastError().orElse(""),
                queue == null ? 0 : queue.queued(),
                queue == null || queue.queued() == 0 ? List.of() : deferred());
    }

    private List<Deferral> deferred() {
        QueueFilter queued = new QueueFilter(
                Optional.of(domain),
                Set.of(UnitState.QUEUED),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return spool.operations().list(queued, Optional.empty(), OLDEST).messages().stream()
                .flatMap(message -> message.units().stream()
                        .filter(queued::matches)
                        .flatMap(unit -> unit.lastReply().stream())
                        .filter(FOR_NOW.asPredicate())
                        .map(reply -> new Deferral(message.origin().arrival(), reply)))
                .toList();
    }
}
