package org.understudy.probes.canary.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.understudy.probes.CanaryEvidence;
import org.understudy.probes.CanaryState;
import org.understudy.smtp.DomainName;

/**
 * One canary as the ledger has it.
 *
 * @param address of the exchanger to which it was offered
 * @param offered true if a session came about, so that the reply is about the canary
 * @param reply the reply that decided at injection, verbatim
 * @param heldUntil when it was last known to be held by our own spool
 * @param late true if the mailbox was read after it was due and it was not there
 * @param duplicatedAt when a second delivery of it was found last
 * @param changes what is not as it was sent, or empty
 * @param observed what else it showed when it was found
 */
public record CanaryRow(
        String id,
        DomainName domain,
        DomainName host,
        Instant createdAt,
        String token,
        String bodyHash,
        CanaryState state,
        String address,
        boolean offered,
        String reply,
        String queueId,
        Optional<Instant> acceptedAt,
        Optional<Instant> heldUntil,
        boolean late,
        Optional<Instant> seenAt,
        Optional<Instant> duplicatedAt,
        String folder,
        boolean junked,
        List<String> hops,
        boolean pathProven,
        String changes,
        Observed observed,
        String trouble) {
    public CanaryRow {
        hops = List.copyOf(hops);
    }

    /** Found in the mailbox, once or more often. */
    public boolean isSeen() {
        return state == CanaryState.SEEN || state == CanaryState.DUPLICATED;
    }

    /** Since when it is under way: accepted, and no longer held. */
    public Instant underWaySince() {
        Instant accepted = acceptedAt.orElse(createdAt);
        return heldUntil.filter(accepted::isBefore).orElse(accepted);
    }

    /** From acceptance, or from release if it was held, to the first sighting. */
    public Optional<Duration> latency() {
        // It may be found before the reply to the final dot is read.
        return seenAt.map(seen -> Duration.between(underWaySince(), seen)).map(d -> d.isNegative() ? Duration.ZERO : d);
    }

    public CanaryEvidence evidence() {
        return new CanaryEvidence(
                id, domain, host, state, createdAt, acceptedAt, reply, seenAt, latency(), hops, pathProven, trouble);
    }
}
