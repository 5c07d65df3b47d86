package org.understudy.probes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, with what was seen.
 *
 * @param type which of the known faults
 * @param severity of this instance; escalation may lift it above the type's
 * @param subject what it is about within the domain: a host, an address, a name server; part of the identity
 * @param summary one sentence with the concrete names, for example {@code mx2.example.org (backup, preference 5) is tried
 *     before mx1.example.org (primary, preference 10)}
 * @param evidence label to observed text, verbatim, in the order to be shown
 * @param fix lines to paste, for example into the zone file; empty if there are none
 */
public record Finding(
        FindingType type, Severity severity, String subject, String summary, Map<String, String> evidence, String fix) {
    public Finding(
            FindingType type,
            Severity severity,
            String subject,
            String summary,
            Map<String, String> evidence,
            @Nullable String fix) {
        this.type = type;
        this.severity = severity;
        this.subject = subject;
        this.summary = summary;
        this.evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
        // Findings that were stored by an earlier version have none.
        this.fix = fix == null ? "" : fix;
    }

    /** With nothing to paste. */
    public Finding(FindingType type, Severity severity, String subject, String summary, Map<String, String> evidence) {
        this(type, severity, subject, summary, evidence, "");
    }

    public static Finding of(FindingType type, String subject, String summary, Map<String, String> evidence) {
        return new Finding(type, type.severity(), subject, summary, evidence);
    }

    /** The same with another severity. */
    public Finding withSeverity(Severity other) {
        return new Finding(type, other, subject, summary, evidence, fix);
    }

    /** The same with lines to paste. */
    public Finding withFix(String lines) {
        return new Finding(type, severity, subject, summary, evidence, lines);
    }
}
