package org.understudy.probes.canary;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What tells one canary from all others and from everything that is none.
 *
 * @param id never used again
 * @param path {@link CanaryPath#text()}
 * @param createdAt to the millisecond
 * @param token signature of the rest, in base 32
 */
record CanaryMark(String id, String path, Instant createdAt, String token) {
    static final String HEADER = "X-Understudy-Canary";
    static final String VERSION = "v1";

    /** The short form that Message-ID, subject and envelope sender carry. */
    String label() {
        return label(id, token);
    }

    static String label(String id, String token) {
        return id + "." + token;
    }

    /** The value of the header field, folded. */
    String header() {
        return VERSION + "; id=" + id + ";\r\n path=" + path + ";\r\n t=" + createdAt + "; sig=" + token;
    }

    /** Reads the value of a header field, folded or not; nothing is verified. */
    static Optional<CanaryMark> parse(String value) {
        Map<String, String> parts = new HashMap<>();
        String[] items = value.split(";", -1);
        for (String item : items) {
            String[] pair = item.strip().split("=", 2);
            parts.put(pair[0].toLowerCase(Locale.ROOT), pair.length > 1 ? pair[1] : "");
        }
        if (!items[0].strip().equals(VERSION)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new CanaryMark(
                    parts.getOrDefault("id", ""),
                    parts.getOrDefault("path", ""),
                    Instant.parse(parts.getOrDefault("t", "")),
                    parts.getOrDefault("sig", "")));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
