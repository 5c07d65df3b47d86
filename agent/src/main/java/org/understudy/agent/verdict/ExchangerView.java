package org.understudy.agent.verdict;

import java.time.Duration;
import java.util.Optional;
import org.understudy.probes.CanaryEvidence;
import org.understudy.probes.Exchanger;
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
        Duration canaryMaxAge) {}
