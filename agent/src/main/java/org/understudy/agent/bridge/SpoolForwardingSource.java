package org.understudy.agent.bridge;

import org.understudy.probes.ForwardingSnapshot;
import org.understudy.probes.ForwardingSource;
import org.understudy.smtp.DomainName;
import org.understudy.spool.LaneState;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.QueueCounts.DomainQueue;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolStatus;

/** The lane of the bundled spool that a domain's mail takes, as the forwarding probe reads it. Thread-safe. */
public final class SpoolForwardingSource implements ForwardingSource {
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
                queue == null ? 0 : queue.queued());
    }
}
