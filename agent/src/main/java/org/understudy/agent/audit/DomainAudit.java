package org.understudy.agent.audit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;
import org.understudy.smtp.DomainName;

/**
 * What was seen of one domain.
 *
 * @param name the domain
 * @param domain what it was compared with; empty if that could not be found out
 * @param presumed true if nobody has declared the roles, and they were taken from the MX records
 * @param results of each probe
 * @param trouble why there are no results, or empty
 * @param duration from beginning to end
 */
public record DomainAudit(
        DomainName name,
        Optional<MailDomain> domain,
        boolean presumed,
        List<ProbeResult> results,
        String trouble,
        Duration duration) {
    public DomainAudit {
        results = List.copyOf(results);
    }

    /** Findings of one severity; what two probes saw alike counts once. */
    List<Finding> findings(Severity severity) {
        Map<String, Finding> found = new LinkedHashMap<>();
        results.stream()
                .flatMap(result -> result.findings().stream())
                .filter(f -> f.severity() == severity)
                .forEach(f -> found.putIfAbsent(f.type().id() + " " + f.subject(), f));
        return List.copyOf(found.values());
    }

    /** Why something could not be looked at, by the probe. */
    Map<String, String> unknown() {
        Map<String, String> causes = new LinkedHashMap<>();
        if (!trouble.isEmpty()) {
            causes.put(name.text(), trouble);
        }
        results.stream()
                .filter(result -> result.outcome() == Outcome.UNKNOWN)
                .forEach(result -> causes.put(result.probeId(), result.cause()));
        return causes;
    }

    public AuditStatus status() {
        if (!findings(Severity.CRITICAL).isEmpty()) {
            return AuditStatus.CRITICAL;
        }
        if (!findings(Severity.WARNING).isEmpty()) {
            return AuditStatus.WARNING;
        }
        return unknown().isEmpty() ? AuditStatus.OK : AuditStatus.UNKNOWN;
    }

    /** The exchangers with their roles, in the order in which they are tried. */
    List<String> exchangers() {
        return domain.stream()
                .flatMap(d -> d.exchangers().stream())
                .map(e -> e.host() + " " + e.role().word())
                .toList();
    }
}
