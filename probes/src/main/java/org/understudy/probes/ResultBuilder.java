package org.understudy.probes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Collects what one run of a probe sees. Confined to one thread; used once. */
public final class ResultBuilder {
    private static final Logger LOG = LoggerFactory.getLogger(ResultBuilder.class);

    private final String probeId;
    private final Instant started;
    private final long begun = System.nanoTime();
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Double> measurements = new LinkedHashMap<>();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final StringBuilder transcript = new StringBuilder();
    private String unknown = "";
    private String skipped = "";

    /** Runs a probe; what nobody foresaw is unknown, and in the log. */
    public static ProbeResult of(Probe probe, Clock clock, Consumer<ResultBuilder> look) {
        ResultBuilder result = new ResultBuilder(probe, clock);
        try {
            look.accept(result);
        } catch (RuntimeException e) {
            LOG.error("unforeseen in the probe {}", probe.id(), e);
            result.unknown("unforeseen: " + e);
        }
        return result.build();
    }

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

    /** Notes that there is nothing to look at, because another probe already answers for the reason. */
    public ResultBuilder skip(String cause) {
        skipped = cause;
        return this;
    }

    public boolean hasFindings() {
        return !findings.isEmpty();
    }

    /**
     * The result: skipped if that was noted; a finding if there is one, whatever else could not be seen; else unknown if
     * something could not be seen; else OK.
     */
    public ProbeResult build() {
        if (!skipped.isEmpty()) {
            return result(Outcome.SKIPPED, List.of(), skipped);
        }
        if (!findings.isEmpty()) {
            return result(Outcome.FINDING, findings, "");
        }
        return unknown.isEmpty() ? result(Outcome.OK, List.of(), "") : result(Outcome.UNKNOWN, List.of(), unknown);
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
