package org.understudy.agent.bridge;

import java.util.Optional;
import org.understudy.probes.QueueRetention;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueSource;
import org.understudy.smtp.DomainName;
import org.understudy.spool.LaneState;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.QueueCounts.DomainQueue;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolStatus;

/** The bundled spool's queue of one domain, as the queue probe reads it. Thread-safe. */
public final class SpoolQueueSource implements QueueSource {
    private final Spool spool;
    private final DomainName domain;

    public SpoolQueueSource(Spool spool, DomainName domain) {
        this.spool = spool;
        this.domain = domain;
    }

    @Override
    public QueueSnapshot read() {
        SpoolStatus status = spool.status();
        Optional<LaneStatus> lane = status.lanes().stream()
                .filter(l -> l.domains().contains(domain))
                .findFirst();
        DomainQueue queue = status.counts().domains().getOrDefault(domain, DomainQueue.EMPTY);
        boolean up = lane.filter(l -> !l.state().keepsMail()).isPresent();
        return new QueueSnapshot(
                up,
                queue.queued(),
                queue.quarantined(),
                queue.bytes(),
                queue.oldestArrival(),
                up ? lane.map(LaneStatus::since) : Optional.empty(),
                lane.flatMap(LaneStatus::lastError).orElse(""),
                lane.filter(l -> l.state() == LaneState.FROZEN).isPresent(),
                status.order(domain).orElse(""),
                new QueueRetention(Optional.of(spool.retention()), queue.expired()));
    }
}
