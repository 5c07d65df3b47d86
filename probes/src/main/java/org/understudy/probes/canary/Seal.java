package org.understudy.probes.canary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Digests of what senders sign of a message (RFC 6376 section 5.4.1), each under its name: if one differs on arrival, a signature
 * would not verify. Takes the more tolerant canonicalization, so that what it does not bear no signature bears.
 *
 * @param digests by the name of the field in lower case, and {@code body}
 */
record Seal(Map<String, String> digests) {
    static final String HEADER = "X-Understudy-Seal";
    private static final String BODY = "body";
    private static final List<String> SIGNED = List.of(
            "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding");
    /** Enough to see a change; nobody gains anything by making one that is not seen. */
    private static final int DIGITS = 16;

    private static final Pattern DIGEST = Pattern.compile("([a-z-]{1,40})=([0-9a-f]{" + DIGITS + "})");

    Seal {
        digests = Map.copyOf(digests);
    }

    /** Of a whole message. */
    static Seal of(byte[] octets) {
        String text = new String(octets, StandardCharsets.ISO_8859_1).replaceAll("\\r?\\n", "\r\n");
        int end = text.indexOf("\r\n\r\n");
        Map<String, String> fields = fields(end < 0 ? text : text.substring(0, end));
        Map<String, String> digests = new LinkedHashMap<>();
        for (String name : SIGNED) {
            digests.put(name, digest(fields.getOrDefault(name, "")));
        }
        digests.put(BODY, digest(body(end < 0 ? "" : text.substring(end + 4))));
        return new Seal(digests);
    }

    /** Of the value of a field that was made of a seal; without what cannot be read. */
    static Seal parse(String value) {
        Map<String, String> digests = new LinkedHashMap<>();
        Matcher digest = DIGEST.matcher(value);
        while (digest.find()) {
            digests.putIfAbsent(digest.group(1), digest.group(2));
        }
        return new Seal(digests);
    }

    /** What is not as it was sealed, in a stable order. */
    List<String> broken(Seal arrived) {
        List<String> broken = new ArrayList<>();
        digests.forEach((name, digest) -> {
            if (!digest.equals(arrived.digests().getOrDefault(name, digest))) {
                broken.add(name);
            }
        });
        broken.sort(null);
        return broken;
    }

    /** Folded, as the value of a field. */
    String value() {
        return digests.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(";\r\n "));
    }

    /** RFC 6376 section 3.4.2; of several fields of one name the last one counts (section 5.4.2). */
    private static Map<String, String> fields(String header) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : header.replaceAll("\\r\\n(?=[ \\t])", "").split("\\r\\n", -1)) {
            int colon = field.indexOf(':');
            if (colon > 0) {
                fields.put(
                        field.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        spaced(field.substring(colon + 1)).strip());
            }
        }
        return fields;
    }

    /** RFC 6376 section 3.4.4. */
    private static String body(String body) {
        String lines = spaced(body).replaceAll("[ \\t]+\\r\\n", "\r\n");
        int end = lines.length();
        while (lines.startsWith("\r\n", end - 2)) {
            end -= 2;
        }
        return lines.substring(0, end) + "\r\n";
    }

    private static String spaced(String text) {
        return text.replaceAll("[ \\t]+", " ");
    }

    private static String digest(String text) {
        return BodyDigest.hex(text.getBytes(StandardCharsets.ISO_8859_1)).substring(0, DIGITS);
    }
}
