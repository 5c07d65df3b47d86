package org.understudy.probes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.DomainName;

/**
 * Everything known of one canary: the proof, or the lack of it, that a path works.
 *
 * @param id unique, never used again
 * @param exchanger through which it was sent
 * @param acceptedReply the reply to the final dot, verbatim
 * @param seenAt when it was found in the mailbox
 * @param latency from acceptance, or from release if our own spool held it, to the first sighting, by our own clock
 * @param hops hosts that say in their trace field that they had it, first one first
 * @param pathProven true if the hops are those that the path should have
 * @param trouble one sentence if something is wrong with it, or empty
 */
public record CanaryEvidence(
        String id,
        DomainName domain,
        DomainName exchanger,
        CanaryState state,
        Instant createdAt,
        Optional<Instant> acceptedAt,
        String acceptedReply,
        Optional<Instant> seenAt,
        Optional<Duration> latency,
        List<String> hops,
        boolean pathProven,
        String trouble) {
    public CanaryEvidence {
        hops = List.copyOf(hops);
    }
}
