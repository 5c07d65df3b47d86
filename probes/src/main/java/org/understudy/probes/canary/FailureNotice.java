package org.understudy.probes.canary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a delivery status notification says (RFC 3464), as far as it matters here.
 *
 * @param candidates canaries that it names, id and token; not verified
 * @param action {@code failed}, {@code delayed}, ...
 */
record FailureNotice(List<Candidate> candidates, String action, String status, String diagnostic, String reporter) {
    private static final Pattern LABEL =
            Pattern.compile("([0-9A-HJKMNP-TV-Z]{26})\\.([a-z2-7]{20})(?![a-z2-7])", Pattern.CASE_INSENSITIVE);

    /** Id and token as a server may have left them, in their usual case. */
    record Candidate(String id, String token) {}

    /** Reads a message that says of itself that it is a report; empty if it is none about delivery. */
    static Optional<FailureNotice> read(ArrivedMessage message) {
        String type = message.firstHeader("Content-Type").toLowerCase(Locale.ROOT);
        if (!type.startsWith("multipart/report")) {
            return Optional.empty();
        }
        String text = new String(message.octets(), StandardCharsets.ISO_8859_1);
        List<Candidate> candidates = new ArrayList<>();
        Matcher labels = LABEL.matcher(text);
        while (labels.find()) {
            candidates.add(new Candidate(
                    labels.group(1).toUpperCase(Locale.ROOT), labels.group(2).toLowerCase(Locale.ROOT)));
        }
        return Optional.of(new FailureNotice(
                candidates.stream().distinct().toList(),
                field(text, "Action").toLowerCase(Locale.ROOT),
                field(text, "Status"),
                field(text, "Diagnostic-Code"),
                field(text, "Reporting-MTA")));
    }

    /** Given up, not only delayed (RFC 3464 section 2.3.3). */
    boolean isFailure() {
        return action.startsWith("failed");
    }

    /** One sentence for people. */
    String words() {
        return "It came back: " + status + (diagnostic.isEmpty() ? "" : " " + diagnostic)
                + (reporter.isEmpty() ? "" : ", reported by " + reporter) + ".";
    }

    private static String field(String text, String name) {
        Matcher m = Pattern.compile("(?im)^" + name + ":[ \\t]*(.*(?:\\r?\\n[ \\t].*)*)")
                .matcher(text);
        return m.find() ? m.group(1).replaceAll("\\s+", " ").strip() : "";
    }
}
