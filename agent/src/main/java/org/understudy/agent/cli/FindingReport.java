package org.understudy.agent.cli;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.SpoolFinding.Severity;

/** Prints findings as they come, and sums them up. Confined to one thread. */
final class FindingReport {
    private final CommandOutput output;
    private final Map<Severity, Long> counts = new EnumMap<>(Severity.class);

    FindingReport(CommandOutput output) {
        this.output = output;
    }

    /** A finding as it stands in JSON. */
    private record Element(String severity, String where, String what, String remedy) {}

    void add(SpoolFinding finding) {
        counts.merge(finding.severity(), 1L, Long::sum);
        String severity = finding.severity().name().toLowerCase(Locale.ROOT);
        String remedy = finding.remedy().isEmpty() ? "" : ". " + finding.remedy();
        output.entry(
                String.format("%-8s %s: %s%s", severity, finding.where(), finding.what(), remedy),
                new Element(severity, finding.where(), finding.what(), finding.remedy()));
    }

    private long count(Severity severity) {
        return counts.getOrDefault(severity, 0L);
    }

    /** In words: the faults and warnings that there are. */
    String sum() {
        if (exitCode() == 0) {
            return "sound";
        }
        return "faults: " + count(Severity.FAULT) + ", warnings: " + count(Severity.WARNING);
    }

    /** {@code ok}, {@code warning} or {@code fault}: the worst there is. */
    String worst() {
        return worstSeverity().name().toLowerCase(Locale.ROOT);
    }

    private Severity worstSeverity() {
        if (count(Severity.FAULT) > 0) {
            return Severity.FAULT;
        }
        return count(Severity.WARNING) > 0 ? Severity.WARNING : Severity.OK;
    }

    /** 0 if all is sound, 1 with warnings, 2 with faults. */
    int exitCode() {
        return switch (worstSeverity()) {
            case OK -> 0;
            case WARNING -> 1;
            case FAULT -> 2;
        };
    }
}
