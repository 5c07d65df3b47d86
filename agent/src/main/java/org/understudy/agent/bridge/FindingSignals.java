package org.understudy.agent.bridge;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.alerts.AlertKey;
import org.understudy.alerts.AlertPolicy;
import org.understudy.alerts.Signal;
import org.understudy.alerts.SourceReport;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;

/** Turns the results of probes into reports for the alert engine. Thread-safe. */
public final class FindingSignals {
    /** Source of the reports that say that a probe cannot look. */
    private static final String BLIND = "blind/";

    private final URI publicUrl;
    private final AlertPolicy policy;
    private final Clock clock;

    /**
     * @param publicUrl of the dashboard, for links
     * @param policy how sure one must be before people are told
     */
    public FindingSignals(URI publicUrl, AlertPolicy policy, Clock clock) {
        this.publicUrl = publicUrl;
        this.policy = policy;
        this.clock = clock;
    }

    /** The sources of every report that can come from a probe. */
    public static List<String> sources(Probe probe) {
        return List.of(probe.id(), BLIND + probe.id());
    }

    /**
     * What one result says. A conclusive result is a complete statement about everything the probe looks at. An unknown one
     * says nothing about the domain, only that we could not look; a skipped one says nothing at all.
     */
    public List<SourceReport> reports(Probe probe, ProbeResult result) {
        return switch (result.outcome()) {
            case OK, FINDING -> List.of(conclusive(probe, result), notBlind(probe));
            case UNKNOWN -> List.of(blind(probe, result));
            case SKIPPED -> List.of();
        };
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
                Optional.of(publicUrl.resolve("/domains/" + probe.domain())),
                policy(finding.type().confirmation()));
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

    private SourceReport notBlind(Probe probe) {
        return new SourceReport(BLIND + probe.id(), clock.instant(), List.of());
    }

    private SourceReport blind(Probe probe, ProbeResult result) {
        Signal signal = new Signal(
                new AlertKey(probe.domain().text(), "probe-unknown", probe.id()),
                org.understudy.alerts.Severity.WARNING,
                "A probe cannot look",
                "Probe " + probe.id() + " came to no result: " + result.cause(),
                "Nothing is known against the domain, but a fault would go unseen.",
                "Mend what keeps the agent from looking: its resolver, its network, its login to the mailbox.",
                Map.of("cause", result.cause()),
                Optional.of(publicUrl.resolve("/domains/" + probe.domain())),
                policy);
        return new SourceReport(BLIND + probe.id(), clock.instant(), List.of(signal));
    }

    private static org.understudy.alerts.Severity severity(org.understudy.probes.Severity severity) {
        return switch (severity) {
            case INFO -> org.understudy.alerts.Severity.INFO;
            case WARNING -> org.understudy.alerts.Severity.WARNING;
            case CRITICAL -> org.understudy.alerts.Severity.CRITICAL;
        };
    }
}
