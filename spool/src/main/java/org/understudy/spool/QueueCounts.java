package org.understudy.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.understudy.smtp.DomainName;

/**
 * The ledger in numbers, read in one transaction: accepted is the sum of all states, always. All are units except
 * {@code messages} and {@code bytes}.
 *
 * @param accepted ever, over restarts
 * @param forwarded ever, as are {@code discarded} and {@code returned}
 * @param messages that have a unit not yet terminal
 * @param bytes their content
 * @param oldestArrival of the oldest message with a queued unit
 * @param domains units that are not settled per recipient domain
 */
public record QueueCounts(
        long accepted,
        long queued,
        long quarantined,
        long held,
        long expired,
        long forwarded,
        long discarded,
        long returned,
        long messages,
        long bytes,
        Optional<Instant> oldestArrival,
        Map<DomainName, DomainQueue> domains) {

    /**
     * The queue of one recipient domain.
     *
     * @param oldestArrival of the oldest message with a queued unit
     * @param firstDue when the first of the queued units is, or was, due; one that was never tried is due since it came
     */
    public record DomainQueue(
            long queued,
            long quarantined,
            long held,
            long expired,
            long bytes,
            Optional<Instant> oldestArrival,
            Optional<Instant> firstDue) {
        public static final DomainQueue EMPTY = new DomainQueue(0, 0, 0, 0, 0, Optional.empty(), Optional.empty());

        /** For how long a queued unit has been due by now; zero if all wait for their time. */
        public Duration overdue(Instant now) {
            return firstDue.filter(due -> due.isBefore(now))
                    .map(due -> Duration.between(due, now))
                    .orElse(Duration.ZERO);
        }
    }

    public QueueCounts {
        domains = Map.copyOf(domains);
    }

    /** The units in each state, those that are not settled first. */
    public Map<UnitState, Long> states() {
        Map<UnitState, Long> states = new LinkedHashMap<>();
        states.put(UnitState.QUEUED, queued);
        states.put(UnitState.QUARANTINED, quarantined);
        states.put(UnitState.HELD, held);
        states.put(UnitState.EXPIRED, expired);
        states.put(UnitState.FORWARDED, forwarded);
        states.put(UnitState.DISCARDED, discarded);
        states.put(UnitState.RETURNED, returned);
        return states;
    }

    /** Units that were accepted and are in no state; anything but 0 is a fault. */
    public long drift() {
        return accepted - states().values().stream().mapToLong(Long::longValue).sum();
    }

    /** True if every accepted unit is accounted for. */
    public boolean isBalanced() {
        return drift() == 0;
    }

    /** In words, without states in which nothing is: {@code queued 8 + forwarded 1}. */
    public String sum() {
        String sum = states().entrySet().stream()
                .filter(state -> state.getValue() > 0)
                .map(state -> state.getKey().name().toLowerCase(Locale.ROOT) + " " + state.getValue())
                .collect(Collectors.joining(" + "));
        return sum.isEmpty() ? "none" : sum;
    }
}
