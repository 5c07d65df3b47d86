package org.understudy.agent.audit;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.understudy.probes.Finding;
import org.understudy.probes.Severity;

/**
 * As the guidelines of monitoring plugins have it: one line with performance data behind a bar, then details. A bar in the text
 * would end it.
 */
final class NagiosReport implements AuditReport {
    private final PrintWriter out;
    private final List<String> details = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private AuditStatus status = AuditStatus.OK;
    private int critical;
    private int warnings;
    private int unknown;
    private double seconds;

    NagiosReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void add(DomainAudit audit) {
        status = status.and(audit.status());
        names.add(audit.name().text());
        critical += audit.findings(Severity.CRITICAL).size();
        warnings += audit.findings(Severity.WARNING).size();
        unknown += audit.unknown().size();
        seconds = Math.max(seconds, audit.duration().toMillis() / 1000.0);
        audit.findings(Severity.CRITICAL).forEach(f -> detail(audit, f));
        audit.findings(Severity.WARNING).forEach(f -> detail(audit, f));
        audit.unknown().forEach((probe, cause) -> details.add("UNKNOWN " + text(probe + ": " + cause)));
    }

    private void detail(DomainAudit audit, Finding finding) {
        details.add(
                finding.severity() + " " + audit.name() + " " + finding.type().id() + ": " + text(finding.summary()));
    }

    private static String text(String text) {
        return VisibleText.line(text).replace('|', '/');
    }

    @Override
    public void end() {
        String subject = names.size() == 1 ? names.get(0) : names.size() + " domains";
        String first = details.isEmpty()
                ? "nothing wrong"
                : critical + " critical, " + warnings + " warnings, " + unknown + " unknown: " + details.get(0);
        out.println(status + " - " + subject + ": " + first
                + String.format(
                        Locale.ROOT,
                        " | critical=%d warning=%d unknown=%d time=%.3fs",
                        critical,
                        warnings,
                        unknown,
                        seconds));
        if (details.size() > 1) {
            out.println(details.stream().collect(Collectors.joining("\n")));
        }
        out.flush();
    }
}
