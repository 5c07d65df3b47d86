package org.understudy.agent.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.understudy.probes.Finding;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;

/**
 * One domain as it stands in JSON.
 *
 * @param rolesGuessed true if the roles were taken from the MX records
 * @param findings worst first
 * @param unknown why something could not be looked at, by the probe
 */
record AuditDocument(
        String domain,
        String status,
        boolean rolesGuessed,
        boolean mail,
        List<ExchangerDocument> exchangers,
        List<FindingDocument> findings,
        Map<String, String> unknown,
        List<ProbeDocument> probes,
        double seconds) {

    record ExchangerDocument(String host, String role, int port) {}

    /** A finding with all that is said of its kind. */
    record FindingDocument(
            String id,
            String severity,
            String subject,
            String title,
            String summary,
            String impact,
            Map<String, String> evidence,
            String instruction,
            String fix,
            String source) {
        static FindingDocument of(Finding finding) {
            return new FindingDocument(
                    finding.type().id(),
                    finding.severity().name().toLowerCase(Locale.ROOT),
                    finding.subject(),
                    finding.type().title(),
                    finding.summary(),
                    finding.type().impact(),
                    finding.evidence(),
                    finding.type().instruction(),
                    finding.fix(),
                    finding.type().source());
        }
    }

    record ProbeDocument(
            String id,
            String outcome,
            double seconds,
            String cause,
            Map<String, Double> measurements,
            Map<String, String> facts) {
        static ProbeDocument of(ProbeResult result) {
            return new ProbeDocument(
                    result.probeId(),
                    result.outcome().name().toLowerCase(Locale.ROOT),
                    result.duration().toMillis() / 1000.0,
                    result.cause(),
                    result.measurements(),
                    result.facts());
        }
    }

    static AuditDocument of(DomainAudit audit) {
        List<FindingDocument> findings = new ArrayList<>();
        Stream.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)
                .flatMap(severity -> audit.findings(severity).stream())
                .map(FindingDocument::of)
                .forEach(findings::add);
        return new AuditDocument(
                audit.name().text(),
                audit.status().word(),
                audit.presumed(),
                audit.domain().map(d -> d.intent().mail()).orElse(true),
                audit.domain().stream()
                        .flatMap(d -> d.exchangers().stream())
                        .map(e ->
                                new ExchangerDocument(e.host().text(), e.role().word(), e.port()))
                        .toList(),
                findings,
                audit.unknown(),
                audit.results().stream().map(ProbeDocument::of).toList(),
                audit.duration().toMillis() / 1000.0);
    }
}
