package org.understudy.probes.canary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One Authentication-Results field (RFC 8601): what a server came to think of where a message is from.
 *
 * @param server its authserv-id, in lower case
 * @param results in the order of the field
 */
record AuthenticationResults(String server, List<Result> results) {
    private static final Pattern SERVER = Pattern.compile("^\\s*\"?([^\\s\"\\\\;()=,]{1,253})\"?(?:\\s+\\d+)?\\s*$");
    private static final Pattern RESULT =
            Pattern.compile("^\\s*([A-Za-z][A-Za-z0-9-]{0,30})(?:\\s*/\\s*\\d+)?\\s*=\\s*([A-Za-z]{1,20})\\b");
    private static final int MAX_RESULTS = 50;

    AuthenticationResults {
        results = List.copyOf(results);
    }

    /**
     * The result of one method.
     *
     * @param method in lower case, for example {@code dmarc}
     * @param result in lower case, for example {@code pass}
     * @param text all that stands there about it, comments and properties included
     */
    record Result(String method, String result, String text) {}

    /** Reads the value of a field; empty if it names no server. */
    static Optional<AuthenticationResults> parse(String value) {
        List<Part> parts = parts(value.replaceAll("\\s+", " "));
        Matcher server = SERVER.matcher(parts.get(0).bare());
        if (!server.matches()) {
            return Optional.empty();
        }
        List<Result> results = new ArrayList<>();
        for (Part part : parts.subList(1, Math.min(parts.size(), MAX_RESULTS))) {
            Matcher result = RESULT.matcher(part.bare());
            if (result.find()) {
                results.add(new Result(
                        result.group(1).toLowerCase(Locale.ROOT),
                        result.group(2).toLowerCase(Locale.ROOT),
                        part.text().strip()));
            }
        }
        return Optional.of(new AuthenticationResults(server.group(1).toLowerCase(Locale.ROOT), results));
    }

    /** What stands between two semicolons, and the same without comments. */
    private record Part(String text, String bare) {}

    /** A semicolon within quotes or a comment separates nothing (RFC 5322 section 3.2). At least one part. */
    private static List<Part> parts(String value) {
        List<Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        StringBuilder bare = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean escaped = c == '\\' && (quoted || depth > 0) && i + 1 < value.length();
            if (c == ';' && !quoted && depth == 0) {
                parts.add(new Part(text.toString(), bare.toString()));
                text.setLength(0);
                bare.setLength(0);
                continue;
            }
            String here = escaped ? value.substring(i, i + 2) : String.valueOf(c);
            i += here.length() - 1;
            if (c == '"' && depth == 0) {
                quoted = !quoted;
            }
            depth += c == '(' && !quoted ? 1 : 0;
            text.append(here);
            if (depth == 0) {
                bare.append(here);
            }
            depth -= c == ')' && !quoted && depth > 0 ? 1 : 0;
        }
        parts.add(new Part(text.toString(), bare.toString()));
        return parts;
    }
}
