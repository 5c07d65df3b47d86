package org.understudy.agent.bridge;

import java.net.URI;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.understudy.agent.self.SelfProbe;
import org.understudy.alerts.AlertKey;
import org.understudy.alerts.AlertPolicy;
import org.understudy.alerts.Signal;
import org.understudy.alerts.SourceReport;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Probes;

/** Turns the results of probes into reports for the alert engine. Thread-safe. */
public final class FindingSignals {
    private final URI publicUrl;
    private final AlertPolicy policy;
    private final Clock clock;
    private final Blindness blindness;

    /**
     * @param agent name of the agent
     * @param publicUrl of the dashboard, for links
     * @param policy how sure one must be before people are told
     */
    public FindingSignals(String agent, URI publicUrl, AlertPolicy policy, Clock clock) {
        this.blindness = new Blindness(agent, publicUrl, policy, clock);
        this.publicUrl = publicUrl;
        this.policy = policy;
        this.clock = clock;
    }

    /** The sources of every report that can come from the probes. */
    public static List<String> sources(Collection<Probe> probes) {
        return Stream.concat(probes.stream().map(Probe::id), Stream.of(Blindness.SOURCE))
                .toList();
    }

    /**
     * What one result says. A conclusive result is a complete statement about everything the probe looks at. An unknown one
     * says nothing about the domain, only that we could not look; a skipped one says nothing at all.
     */
    public List<SourceReport> reports(Probe probe, ProbeResult result) {
        Stream<SourceReport> seen = switch (result.outcome()) {
            case OK, FINDING -> Stream.of(conclusive(probe, result));
            case UNKNOWN, SKIPPED -> Stream.empty();
        };
        return Stream.concat(seen, blindness.after(probe, result).stream()).toList();
    }

    /** The alert that a finding of a probe becomes. */
    public static AlertKey key(Probe probe, Finding finding) {
        return new AlertKey(probe.domain().text(), finding.type().id(), finding.subject());
    }

    private SourceReport conclusive(Probe probe, ProbeResult result) {
        List<Signal> signals = result.outcome() == Outcome.OK
                ? List.of()
                : result.findings().stream().map(f -> signal(probe, f)).toList();
        return new SourceReport(probe.id(), clock.instant(), signals);
    }

    private Signal signal(Probe probe, Finding finding) {
        return new Signal(
                key(probe, finding),
                severity(finding.severity()),
                finding.type().title(),
                finding.summary(),
                finding.type().impact(),
                instruction(finding),
                finding.evidence(),
                Optional.of(page(probe)),
                policy(finding.type().confirmation()));
    }

    private URI page(Probe probe) {
        boolean ofNoDomain = probe.kind().equals(SelfProbe.KIND) || probe.kind().equals(Probes.STORE);
        return ofNoDomain ? publicUrl : publicUrl.resolve("/domains/" + probe.domain());
    }

    private static String instruction(Finding finding) {
        return finding.fix().isEmpty()
                ? finding.type().instruction()
                : finding.type().instruction() + "\n" + finding.fix();
    }

    private AlertPolicy policy(FindingType.Confirmation confirmation) {
        return switch (confirmation) {
            case REPEATED -> policy;
            case IMMEDIATE -> AlertPolicy.immediate().repeatedAfter(policy.repeatInterval());
        };
    }

    private static org.understudy.alerts.Severity severity(org.understudy.probes.Severity severity) {
        return switch (severity) {
            case INFO -> org.understudy.alerts.Severity.INFO;
            case WARNING -> org.understudy.alerts.Severity.WARNING;
            case CRITICAL -> org.understudy.alerts.Severity.CRITICAL;
        };
    }
}
