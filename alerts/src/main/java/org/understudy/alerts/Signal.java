package org.understudy.alerts;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that is wrong now, in the words that people will read.
 *
 * @param title a few words without the domain, for example {@code backup MX refuses recipients}
 * @param summary one sentence with the concrete names
 * @param impact what it does to mail; may be empty
 * @param instruction what to do; may be empty
 * @param evidence label to observed text, verbatim, in the order to be shown
 * @param link where there is more to read
 * @param policy when people are told; that of the latest signal counts
 */
public record Signal(
        AlertKey key,
        Severity severity,
        String title,
        String summary,
        String impact,
        String instruction,
        Map<String, String> evidence,
        Optional<URI> link,
        AlertPolicy policy) {
    public Signal {
        evidence = Collections.unmodifiableMap(new LinkedHashMap<>(evidence));
    }
}
