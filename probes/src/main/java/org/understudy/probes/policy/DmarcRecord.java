package org.understudy.probes.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What receivers shall do with mail that is not proven to be from a domain (RFC 9989).
 *
 * @param own policy of the domain that has the record
 * @param below policy of the names below it
 */
record DmarcRecord(Policy own, Policy below) {

    enum Policy {
        NONE,
        QUARANTINE,
        REJECT;

        static Optional<Policy> of(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "none" -> Optional.of(NONE);
                case "quarantine" -> Optional.of(QUARANTINE);
                case "reject" -> Optional.of(REJECT);
                default -> Optional.empty();
            };
        }
    }

    /** The one record among the texts at a name; empty if there is none, or more than one. Never throws. */
    static Optional<DmarcRecord> among(List<String> texts) {
        List<Map<String, String>> records = texts.stream()
                .map(DmarcRecord::tags)
                .filter(tags -> "DMARC1".equals(tags.get("v"))
                        && tags.keySet().iterator().next().equals("v"))
                .toList();
        if (records.size() != 1) {
            return Optional.empty();
        }
        Map<String, String> tags = records.get(0);
        Optional<Policy> own = Policy.of(tags.getOrDefault("p", ""));
        return own.map(
                p -> new DmarcRecord(p, Policy.of(tags.getOrDefault("sp", "")).orElse(p)));
    }

    private static Map<String, String> tags(String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                tags.putIfAbsent(
                        part.substring(0, equals).strip(),
                        part.substring(equals + 1).strip());
            }
        }
        return tags;
    }
}
