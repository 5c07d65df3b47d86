package org.understudy.agent.audit;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.understudy.probes.Finding;
import org.understudy.probes.Severity;

/** For people: grouped by what has to be done about it. */
final class TextReport implements AuditReport {
    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";

    private final PrintWriter out;
    private final boolean coloured;
    private final Map<AuditStatus, Integer> counts = new EnumMap<>(AuditStatus.class);

    TextReport(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    @Override
    public void add(DomainAudit audit) {
        if (!counts.isEmpty()) {
            out.println();
        }
        AuditStatus status = audit.status();
        counts.merge(status, 1, Integer::sum);
        out.println(paint(BOLD, audit.name().text()) + ": " + paint(colour(status), status.name()) + ", "
                + audit.results().size() + " probes in "
                + String.format(Locale.ROOT, "%.1f s", audit.duration().toMillis() / 1000.0));
        out.println("  " + contract(audit));
        List<Finding> all = new ArrayList<>();
        all.addAll(group("Errors", AuditStatus.CRITICAL, audit.findings(Severity.CRITICAL)));
        all.addAll(group("Warnings", AuditStatus.WARNING, audit.findings(Severity.WARNING)));
        all.addAll(group("Infos", AuditStatus.OK, audit.findings(Severity.INFO)));
        unknown(audit.unknown());
        instructions(all);
        out.flush();
    }

    private static String contract(DomainAudit audit) {
        if (audit.domain().isEmpty()) {
            return "not looked at";
        }
        String source = audit.presumed() ? " (guessed from the MX records; --config FILE declares roles)" : "";
        if (!audit.domain().get().intent().mail()) {
            return "takes no mail" + source;
        }
        return (audit.exchangers().isEmpty() ? "no exchangers" : String.join(", ", audit.exchangers())) + source;
    }

    private List<Finding> group(String title, AuditStatus status, List<Finding> findings) {
        heading(title, status, findings.isEmpty());
        for (Finding finding : findings) {
            out.println("  " + paint(BOLD, finding.type().id()) + " " + VisibleText.line(finding.subject()));
            out.println(VisibleText.indented(finding.summary() + ".", "    "));
            finding.evidence().forEach((label, text) -> {
                String value = text.stripTrailing().contains("\n") ? ":\n" + text.indent(2) : ": " + text;
                out.println(VisibleText.indented(label + value, "      "));
            });
        }
        return findings;
    }

    private void unknown(Map<String, String> causes) {
        heading("Not seen", AuditStatus.UNKNOWN, causes.isEmpty());
        causes.forEach((probe, cause) -> out.println(VisibleText.indented(probe + ": " + cause, "  ")));
    }

    /** What is to be done is said once for all findings of a kind. */
    private void instructions(List<Finding> findings) {
        Map<String, Set<String>> fixes = new LinkedHashMap<>();
        Map<String, String> instructions = new LinkedHashMap<>();
        for (Finding finding : findings) {
            instructions.put(finding.type().id(), finding.type().instruction());
            Set<String> lines = fixes.computeIfAbsent(finding.type().id(), id -> new LinkedHashSet<>());
            if (!finding.fix().isEmpty()) {
                lines.add(finding.fix());
            }
        }
        heading("Instructions", AuditStatus.OK, instructions.isEmpty());
        instructions.forEach((id, instruction) -> {
            out.println("  " + paint(BOLD, id) + ": " + instruction);
            fixes.getOrDefault(id, Set.of()).forEach(fix -> out.println(VisibleText.indented(fix, "      ")));
        });
    }

    private void heading(String title, AuditStatus status, boolean empty) {
        if (!empty) {
            out.println();
            out.println(paint(colour(status), title));
        }
    }

    private static String colour(AuditStatus status) {
        return switch (status) {
            case OK -> "\u001b[32m";
            case UNKNOWN -> "\u001b[35m";
            case WARNING -> "\u001b[33m";
            case CRITICAL -> "\u001b[31m";
        };
    }

    private String paint(String code, String text) {
        return coloured ? code + text + RESET : text;
    }

    @Override
    public void end() {
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (all > 1) {
            out.println();
            List<String> words = new ArrayList<>();
            counts.forEach((status, count) -> words.add(0, count + " " + status.name()));
            out.println(all + " domains: " + String.join(", ", words));
        }
        out.flush();
    }
}
