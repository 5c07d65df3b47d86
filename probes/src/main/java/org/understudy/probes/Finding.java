package org.understudy.probes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One thing that is wrong, with what was seen.
 *
 * @param type which of the known faults
 * @param severity of this instance; escalation may lift it above the type's
 * @param subject what it is about within the domain: a host, an address, a name server; part of the identity
 * @param summary one sentence with the concrete names, for example {@code mx2.example.org (backup, preference 5) is tried
 *     before mx1.example.org (primary, preference 10)}
 * @param evidence label to observed text, verbatim, in the order to be shown
 */
public record Finding(
        FindingType type, Severity severity, String subject, String summary, Map<String, String> evidence) {
    public Finding {
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }

    public static Finding of(FindingType type, String subject, String summary, Map<String, String> evidence) {
        return new Finding(type, type.severity(), subject, summary, evidence);
    }
}
