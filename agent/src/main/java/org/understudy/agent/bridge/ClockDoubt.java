package org.understudy.agent.bridge;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.understudy.agent.self.SelfProbe;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;

/** While our clock is wrong, what is wrong by the clock is not believed. Thread-safe. */
final class ClockDoubt {
    private static final Set<FindingType> BY_THE_CLOCK = EnumSet.copyOf(List.of(FindingType.values()).stream()
            .filter(type -> type.id().startsWith("tls-cert-ex") || type.id().startsWith("dnssec-"))
            .toList());

    private volatile Optional<String> wrong = Optional.empty();

    /** The result as far as it is to be believed. */
    ProbeResult about(Probe probe, ProbeResult result) {
        if (probe.kind().equals(SelfProbe.KIND)) {
            wrong = result.findings().stream()
                    .filter(f -> f.type() == FindingType.AGENT_CLOCK_SKEW && f.severity() == Severity.CRITICAL)
                    .map(Finding::summary)
                    .findFirst();
            return result;
        }
        Optional<String> doubt = wrong;
        boolean doubtful = result.findings().stream().map(Finding::type).anyMatch(BY_THE_CLOCK::contains);
        return doubt.isPresent() && doubtful ? unknown(result, doubt.get()) : result;
    }

    private static ProbeResult unknown(ProbeResult result, String why) {
        return new ProbeResult(
                result.probeId(),
                result.started(),
                result.duration(),
                Outcome.UNKNOWN,
                List.of(),
                "it cannot be told by a wrong clock: " + why,
                result.measurements(),
                result.facts(),
                result.transcript());
    }
}
