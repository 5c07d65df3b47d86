package org.understudy.probes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what one run of a probe sees. Confined to one thread; used once. */
public final class ResultBuilder {
    private final String probeId;
    private final Instant started;
    private final long begun = System.nanoTime();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Double> measurements = new LinkedHashMap<>();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final StringBuilder transcript = new StringBuilder();
    private String unknown = "";

    public ResultBuilder(Probe probe, Clock clock) {
        this.probeId = probe.id();
        this.started = clock.instant();
    }

    public ResultBuilder finding(Finding finding) {
        findings.add(finding);
        return this;
    }

    public ResultBuilder measurement(String name, double value) {
        measurements.put(name, value);
        return this;
    }

    public ResultBuilder fact(String label, String text) {
        facts.put(label, text);
        return this;
    }

    public ResultBuilder transcript(Object more) {
        transcript.append(more);
        return this;
    }

    /** Notes that something could not be looked at; the first cause counts. */
    public ResultBuilder unknown(String cause) {
        if (unknown.isEmpty()) {
            unknown = cause;
        }
        return this;
    }

    public boolean hasFindings() {
        return !findings.isEmpty();
    }

    /**
     * The result: a finding if there is one, whatever else could not be seen; else unknown if something could not be seen;
     * else OK.
     */
    public ProbeResult build() {
        if (!findings.isEmpty()) {
            return result(Outcome.FINDING, findings, "");
        }
        return unknown.isEmpty() ? result(Outcome.OK, List.of(), "") : result(Outcome.UNKNOWN, List.of(), unknown);
    }

    /** There was nothing to look at. */
    public ProbeResult skipped(String cause) {
        return result(Outcome.SKIPPED, List.of(), cause);
    }

    private ProbeResult result(Outcome outcome, List<Finding> found, String cause) {
        return new ProbeResult(
                probeId,
                started,
                Duration.ofNanos(System.nanoTime() - begun),
                outcome,
                found,
                cause,
                measurements,
                facts,
                transcript.toString());
    }
}
