package org.understudy.spool;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.DomainName;

/**
 * The ledger in numbers, read in one transaction: accepted = queued + quarantined + forwarded, always. All are units
 * except {@code messages} and {@code bytes}.
 *
 * @param accepted ever, over restarts
 * @param messages that have a unit not yet terminal
 * @param bytes their content
 * @param oldestArrival of the oldest message with a queued unit
 * @param domains queued units per recipient domain
 */
public record QueueCounts(
        long accepted,
        long queued,
        long quarantined,
        long forwarded,
        long messages,
        long bytes,
        Optional<Instant> oldestArrival,
        Map<DomainName, DomainQueue> domains) {

    /** The queue of one recipient domain. */
    public record DomainQueue(long queued, long quarantined, long bytes, Optional<Instant> oldestArrival) {}

    public QueueCounts {
        domains = Map.copyOf(domains);
    }

    /** True if every accepted unit is accounted for. */
    public boolean isBalanced() {
        return accepted == queued + quarantined + forwarded;
    }
}
