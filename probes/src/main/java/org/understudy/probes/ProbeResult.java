package org.understudy.probes;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run of a probe saw.
 *
 * @param probeId {@link Probe#id()}
 * @param started wall clock
 * @param outcome never {@link Outcome#OK} with findings, never {@link Outcome#FINDING} without
 * @param findings all that is wrong now; a fault of an earlier run that is not among them is gone
 * @param cause one sentence why it is unknown or skipped; empty otherwise
 * @param measurements name with unit suffix to value, for example {@code connect_seconds}
 * @param facts label to text worth showing although nothing is wrong, in order
 * @param transcript of the SMTP session, secrets masked; empty if there was none
 */
public record ProbeResult(
        String probeId,
        Instant started,
        Duration duration,
        Outcome outcome,
        List<Finding> findings,
        String cause,
        Map<String, Double> measurements,
        Map<String, String> facts,
        String transcript) {
    public ProbeResult {
        findings = List.copyOf(findings);
        measurements = Collections.unmodifiableMap(new LinkedHashMap<>(measurements));
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        if ((outcome == Outcome.FINDING) == findings.isEmpty()) {
            throw new IllegalArgumentException(outcome + " with " + findings.size() + " findings");
        }
    }
}
