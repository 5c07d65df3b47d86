package org.understudy.interop.gauntlet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run of {@code understudy audit} over all domains, and what it wrote. Immutable. */
final class Audit {
    private static final String AT_ONCE = "16";
    private static final String SECONDS = "60";

    private final Map<String, Seen> domains;
    private final int exitCode;
    private final String output;

    private Audit(Map<String, Seen> domains, int exitCode, String output) {
        this.domains = domains;
        this.exitCode = exitCode;
        this.output = output;
    }

    /**
     * What was found in a domain.
     *
     * @param unknown what could not be looked at, by the probe
     */
    record Seen(List<Found> findings, Map<String, String> unknown) {
        /** True if something was found that has this id, and this severity if one stands behind it. */
        boolean has(String wanted) {
            return findings.stream().anyMatch(f -> f.is(wanted));
        }
    }

    /** One finding. */
    record Found(String id, String severity, String summary) {
        boolean is(String wanted) {
            return wanted.equals(id) || wanted.equals(id + " " + severity);
        }

        boolean isAlarm() {
            return !severity.equals("info");
        }
    }

    static Audit run(World world, Path program) throws IOException {
        Path reports = world.directory().resolve("audit");
        Path errors = world.directory().resolve("audit.errors");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "audit",
                        "--config",
                        Configuration.file(world.directory()).toString(),
                        "--output-dir",
                        reports.toString(),
                        "--format",
                        "json",
                        "--timeout",
                        SECONDS,
                        "--parallel",
                        AT_ONCE)
                .redirectError(errors.toFile())
                .redirectOutput(world.directory().resolve("audit.json").toFile())
                .start();
        int code = Commands.join(process);
        Map<String, Seen> domains = new LinkedHashMap<>();
        ObjectMapper mapper = new ObjectMapper();
        for (Domain domain : world.numbers().keySet()) {
            Path report = reports.resolve(domain.name() + ".json");
            if (Files.exists(report)) {
                domains.put(domain.name(), read(mapper.readTree(report.toFile())));
            }
        }
        return new Audit(domains, code, Files.readString(errors));
    }

    private static Seen read(JsonNode document) {
        List<Found> findings = new ArrayList<>();
        for (JsonNode finding : document.path("findings")) {
            findings.add(new Found(
                    finding.path("id").asText(),
                    finding.path("severity").asText(),
                    finding.path("summary").asText()));
        }
        Map<String, String> unknown = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> cause : document.path("unknown").properties()) {
            unknown.put(cause.getKey(), cause.getValue().asText());
        }
        return new Seen(findings, unknown);
    }

    /** Nothing of a domain that was not looked at. */
    Seen of(Domain domain) {
        return domains.getOrDefault(
                domain.name(),
                new Seen(List.of(), Map.of("audit", "wrote nothing of " + domain.name() + ": " + output)));
    }

    int exitCode() {
        return exitCode;
    }
}
