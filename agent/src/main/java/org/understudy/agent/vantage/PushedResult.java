package org.understudy.agent.vantage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;

/**
 * What somebody elsewhere says of a domain: all that is wrong with it, or why nobody could look, or that nothing is wrong.
 *
 * @param unknown why nobody could look; empty if somebody did
 */
record PushedResult(String unknown, List<Fault> findings, Map<String, Double> measurements, Map<String, String> facts) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final Pattern MEASUREMENT = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final int MOST = 100;
    private static final int LONGEST_TEXT = 4096;

    PushedResult(
            @Nullable String unknown,
            @Nullable List<Fault> findings,
            @Nullable Map<String, Double> measurements,
            @Nullable Map<String, String> facts) {
        this.unknown = unknown == null ? "" : unknown;
        this.findings = findings == null ? List.of() : List.copyOf(findings);
        this.measurements = measurements == null ? Map.of() : measurements;
        this.facts = facts == null ? Map.of() : facts;
    }

    /** One thing that is wrong. */
    record Fault(
            @Nullable String id,
            @Nullable String subject,
            @Nullable String summary,
            @Nullable String severity,
            @Nullable Map<String, String> evidence) {}

    /**
     * Reads what was sent.
     *
     * @throws IllegalArgumentException if it makes no sense, in one sentence
     */
    static ProbeResult read(byte[] json, VantageProbe probe, Clock clock) {
        try {
            PushedResult pushed = JSON.readValue(json, PushedResult.class);
            if (pushed == null) {
                throw new IllegalArgumentException("The body is null: send {} if nothing is wrong.");
            }
            return pushed.result(probe, clock);
        } catch (UnrecognizedPropertyException e) {
            throw new IllegalArgumentException(
                    "Unknown key \"" + e.getPropertyName() + "\": there are " + e.getKnownPropertyIds() + ".", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The body is not the JSON of a result: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("The body cannot be read: " + e.getMessage(), e);
        }
    }

    private ProbeResult result(VantageProbe probe, Clock clock) {
        if (!unknown.isEmpty() && !findings.isEmpty()) {
            throw new IllegalArgumentException("What was found and why nobody could look exclude each other.");
        }
        if (findings.size() > MOST || measurements.size() > MOST || facts.size() > MOST) {
            throw new IllegalArgumentException("More than " + MOST + " findings, measurements or facts are too many.");
        }
        ResultBuilder result = new ResultBuilder(probe, clock);
        findings.forEach(fault -> result.finding(finding(fault, probe.place())));
        measurements.forEach((name, value) -> result.measurement(measurement(name), value(name, value)));
        facts.forEach((label, text) -> result.fact(text("a label", label), text(label, text)));
        if (!unknown.isEmpty()) {
            result.unknown(probe.place() + ": " + text("unknown", unknown));
        }
        return result.build();
    }

    /** Its subject says from where it was seen, so that it is not taken for what the agent itself sees. */
    private static Finding finding(Fault fault, String place) {
        String id = text("id", fault.id());
        FindingType type = Arrays.stream(FindingType.values())
                .filter(t -> t.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no finding \"" + id + "\": docs/checks.md has all that there are."));
        Finding finding = Finding.of(
                type,
                text("subject of " + id, fault.subject()) + " from " + place,
                "Seen from " + place + ": " + text("summary of " + id, fault.summary()),
                evidence(fault));
        return Optional.ofNullable(fault.severity())
                .map(severity -> finding.withSeverity(severity(severity)))
                .orElse(finding);
    }

    private static Map<String, String> evidence(Fault fault) {
        Map<String, String> evidence = fault.evidence() == null ? Map.of() : fault.evidence();
        if (evidence.size() > MOST) {
            throw new IllegalArgumentException("More than " + MOST + " pieces of evidence are too many.");
        }
        evidence.forEach((label, seen) -> text(text("a label", label), seen));
        return evidence;
    }

    private static Severity severity(String word) {
        return Arrays.stream(Severity.values())
                .filter(s -> s.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "The severity \"" + word + "\" is none: there are info, warning and critical."));
    }

    private static String measurement(@Nullable String name) {
        if (name == null || !MEASUREMENT.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" does not name a measurement: write it as connect_seconds.");
        }
        return name;
    }

    private static double value(String name, @Nullable Double value) {
        if (value == null || !Double.isFinite(value)) {
            throw new IllegalArgumentException("The measurement " + name + " has no value.");
        }
        return value;
    }

    private static String text(String what, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("There is no text for " + what + ".");
        }
        if (text.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException(
                    "The text for " + what + " has more than " + LONGEST_TEXT + " characters.");
        }
        return text;
    }
}
