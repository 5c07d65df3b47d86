package org.understudy.agent.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.understudy.probes.CanaryEvidence;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;

/**
 * All that is known of one exchanger.
 *
 * @param reachability newest result of its SMTP probe
 * @param reachabilityMaxAge age at which that result says nothing any more
 * @param confirmedDown true once the finding that it is unreachable is confirmed and not yet resolved
 * @param canaryWanted false if no canaries are configured
 * @param latestCanary newest canary through it, in whatever state
 * @param confirmedCanary newest canary that was found with its path proved
 * @param canaryMaxAge age at which that proof is stale
 */
public record ExchangerView(
        Exchanger exchanger,
        Optional<ProbeResult> reachability,
        Duration reachabilityMaxAge,
        boolean confirmedDown,
        boolean canaryWanted,
        Optional<CanaryEvidence> latestCanary,
        Optional<CanaryEvidence> confirmedCanary,
        Duration canaryMaxAge) {
    private static final Set<FindingType> NOT_ANSWERING =
            Set.of(FindingType.PRIMARY_SMTP_UNREACHABLE, FindingType.BACKUP_SMTP_UNREACHABLE);

    /** The confirmed canary, if it is fresh enough to prove anything. */
    public Optional<CanaryEvidence> provingCanary(Instant now) {
        return confirmedCanary.filter(c -> isFresh(c.seenAt().orElse(c.createdAt()), canaryMaxAge, now));
    }

    /** The newest result of the SMTP probe, if it came to one and is fresh enough to count. */
    Optional<ProbeResult> freshReachability(Instant now) {
        return reachability
                .filter(r -> r.outcome() == Outcome.OK || r.outcome() == Outcome.FINDING)
                .filter(r -> isFresh(r.started(), reachabilityMaxAge, now));
    }

    /** True if the newest result is fresh and at least one address gave a usable session. */
    public boolean isReachable(Instant now) {
        return freshReachability(now)
                .filter(r -> r.findings().stream().map(Finding::type).noneMatch(NOT_ANSWERING::contains))
                .isPresent();
    }

    private static boolean isFresh(Instant at, Duration maxAge, Instant now) {
        return Duration.between(at, now).compareTo(maxAge) <= 0;
    }
}
