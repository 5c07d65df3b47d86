package org.understudy.agent.bridge;

import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.understudy.probes.QueueDetails;
import org.understudy.probes.QueueRetention;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueSource;
import org.understudy.smtp.Deadline;
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
    private final LongSupplier left;
    private final Clock clock;

    /** @param left octets before the spool takes no more */
    public SpoolQueueSource(Spool spool, DomainName domain, LongSupplier left, Clock clock) {
        this.spool = spool;
        this.domain = domain;
        this.left = left;
        this.clock = clock;
    }

    @Override
    public QueueSnapshot read(Deadline deadline) {
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
                new QueueRetention(Optional.of(spool.retention()), queue.expired()),
                QueueDetails.of(
                        queue.overdue(clock.instant()),
                        new QueueDetails.Room(status.counts().bytes(), left.getAsLong())));
    }
}
