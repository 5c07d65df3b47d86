package org.understudy.agent.bridge;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.understudy.agent.self.SelfProbe;
import org.understudy.alerts.AlertKey;
import org.understudy.alerts.AlertPolicy;
import org.understudy.alerts.Severity;
import org.understudy.alerts.Signal;
import org.understudy.alerts.SourceReport;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;

/**
 * Probes that cannot look: one alert about the agent, however many they are, and none if the agent has found out by itself what it
 * is that keeps them from looking. Thread-safe.
 */
final class Blindness {
    /** Source of its reports. */
    static final String SOURCE = "blind";

    private static final int MOST_SHOWN = 20;

    private final String agent;
    private final URI publicUrl;
    private final AlertPolicy policy;
    private final Clock clock;
    /** By the id of the probe. */
    private final Map<String, Blind> blind = new TreeMap<>();

    private @Nullable ProbeResult self;

    /** @param policy how many runs in a row without a result are worth an alert */
    Blindness(String agent, URI publicUrl, AlertPolicy policy, Clock clock) {
        this.agent = agent;
        this.publicUrl = publicUrl;
        this.policy = policy;
        this.clock = clock;
    }

    private record Blind(Instant since, int runs, String cause) {}

    /** What is to be said after a result, if anything. */
    synchronized Optional<SourceReport> after(Probe probe, ProbeResult result) {
        if (probe.kind().equals(SelfProbe.KIND)) {
            self = result;
        }
        if (result.outcome() == Outcome.UNKNOWN) {
            Blind before = blind.get(probe.id());
            blind.put(
                    probe.id(),
                    before == null
                            ? new Blind(result.started(), 1, result.cause())
                            : new Blind(before.since, before.runs + 1, result.cause()));
        } else if (result.outcome() != Outcome.SKIPPED) {
            blind.remove(probe.id());
        }
        if (isExplained()) {
            // What was tried meanwhile counts for nothing afterwards.
            blind.clear();
            return Optional.empty();
        }
        return Optional.of(report());
    }

    private boolean isExplained() {
        return self != null && self.findings().stream().anyMatch(SelfProbe::blinds);
    }

    private SourceReport report() {
        Map<String, String> causes = new LinkedHashMap<>();
        blind.forEach((id, b) -> {
            if (b.runs >= policy.failureThreshold() && wasLookedInto(b)) {
                causes.put(id, b.cause);
            }
        });
        return new SourceReport(SOURCE, clock.instant(), causes.isEmpty() ? List.of() : List.of(signal(causes)));
    }

    /** The agent has looked at itself since the probe went blind, and found nothing that would explain it. */
    private boolean wasLookedInto(Blind b) {
        return self != null && self.started().isAfter(b.since);
    }

    private Signal signal(Map<String, String> causes) {
        Map.Entry<String, String> first = causes.entrySet().iterator().next();
        Map<String, String> shown = new LinkedHashMap<>();
        causes.entrySet().stream().limit(MOST_SHOWN).forEach(e -> shown.put(e.getKey(), e.getValue()));
        String others = causes.size() == 1 ? "" : " (and " + (causes.size() - 1) + " more)";
        return new Signal(
                new AlertKey(agent, "probe-unknown", "probes"),
                Severity.WARNING,
                "The agent cannot look",
                first.getKey() + others + " came to no result: " + first.getValue(),
                "Nothing is known against a domain, but a fault would go unseen.",
                "Mend what keeps the agent from looking: its resolver, its network, its login to the mailbox.",
                shown,
                Optional.of(publicUrl),
                // Counted here, for each probe.
                AlertPolicy.immediate().repeatedAfter(policy.repeatInterval()));
    }
}
