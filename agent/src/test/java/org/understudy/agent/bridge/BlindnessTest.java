package org.understudy.agent.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.understudy.agent.self.SelfProbe;
import org.understudy.alerts.AlertPolicy;
import org.understudy.alerts.Signal;
import org.understudy.alerts.SourceReport;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** However many probes cannot look: one alert about the agent, and none where the agent knows why. */
class BlindnessTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Blindness blindness =
            new Blindness("agent.test", URI.create("http://127.0.0.1:8080"), AlertPolicy.standard(), Clock.systemUTC());
    private final Probe self = new SelfProbe(new DomainName("agent.test"), List.of(), Clock.systemUTC());

    private record Named(String id) implements Probe {
        @Override
        public DomainName domain() {
            return new DomainName("example.org");
        }

        @Override
        public ProbeResult run(Deadline deadline) {
            throw new IllegalStateException("not run here");
        }
    }

    private Optional<SourceReport> after(Probe probe, int second, Outcome outcome, Finding... findings) {
        return blindness.after(
                probe,
                new ProbeResult(
                        probe.id(),
                        START.plusSeconds(second),
                        Duration.ZERO,
                        outcome,
                        List.of(findings),
                        outcome == Outcome.UNKNOWN ? "the resolver is silent" : "",
                        Map.of(),
                        Map.of(),
                        ""));
    }

    private Optional<SourceReport> blind(String id, int second) {
        return after(new Named(id), second, Outcome.UNKNOWN);
    }

    @Test
    void manyBlindProbes_areOneAlert_onceTheAgentHasLookedAtItself() {
        for (int run = 0; run < 3; run++) {
            assertThat(blind("dns/example.org/mx", run).orElseThrow().bad()).isEmpty();
            assertThat(blind("smtp/example.org/mx1", run).orElseThrow().bad()).isEmpty();
        }
        List<Signal> bad = after(self, 5, Outcome.OK).orElseThrow().bad();
        assertThat(bad).hasSize(1);
        assertThat(bad.get(0).key().domain()).isEqualTo("agent.test");
        assertThat(bad.get(0).key().check()).isEqualTo("probe-unknown");
        assertThat(bad.get(0).evidence()).containsOnlyKeys("dns/example.org/mx", "smtp/example.org/mx1");

        assertThat(after(new Named("dns/example.org/mx"), 6, Outcome.OK)
                        .orElseThrow()
                        .bad())
                .hasSize(1);
        assertThat(after(new Named("smtp/example.org/mx1"), 6, Outcome.OK)
                        .orElseThrow()
                        .bad())
                .isEmpty();
    }

    @Test
    void fewerRunsThanTheThreshold_areNoAlert() {
        blind("dns/example.org/mx", 0);
        blind("dns/example.org/mx", 1);
        assertThat(after(self, 2, Outcome.OK).orElseThrow().bad()).isEmpty();
    }

    @Test
    void whatTheAgentKnowsOfItself_explainsIt() {
        for (int run = 0; run < 3; run++) {
            blind("dns/example.org/mx", run);
        }
        Finding resolver = Finding.of(FindingType.AGENT_RESOLVER_UNTRUSTED, "127.0.0.1:53", "it is silent", Map.of())
                .withSeverity(Severity.CRITICAL);
        assertThat(after(self, 5, Outcome.FINDING, resolver)).isEmpty();
        assertThat(blind("dns/example.org/mx", 6)).isEmpty();
        // Mended: whoever could not look meanwhile has yet to try again.
        assertThat(after(self, 7, Outcome.OK).orElseThrow().bad()).isEmpty();
        for (int run = 8; run < 11; run++) {
            blind("dns/example.org/mx", run);
        }
        // Still blind: then it was something else.
        assertThat(after(self, 11, Outcome.OK).orElseThrow().bad()).hasSize(1);
    }
}
