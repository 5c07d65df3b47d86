package org.understudy.probes.canary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Received fields of a message (RFC 5321 section 4.4).
 *
 * @param fields unfolded, newest first, as they stand in the message
 */
record TraceFields(List<String> fields) {
    private static final Pattern BY = Pattern.compile("(?:^|\\s)by\\s+([^\\s;()]+)", Pattern.CASE_INSENSITIVE);

    TraceFields {
        fields = fields.stream().map(f -> f.replaceAll("\\s+", " ").strip()).toList();
    }

    /** The hosts that say they had it, first one first. */
    List<String> hops() {
        List<String> hops = new ArrayList<>();
        for (String field : fields) {
            Matcher by = BY.matcher(withoutComments(field));
            if (by.find()) {
                String host = by.group(1).toLowerCase(Locale.ROOT);
                String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
                if (!bare.isEmpty()) {
                    hops.add(bare);
                }
            }
        }
        Collections.reverse(hops);
        return hops;
    }

    /** Two copies of one delivery have the same digest, two deliveries do not. */
    String digest() {
        return BodyDigest.hex(String.join("\n", fields).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A client may call itself {@code x by y}, but its words stand in comments or before {@code by}. Whoever opens a comment and does
     * not close it hides nothing.
     */
    private static String withoutComments(String field) {
        int[] depthChange = new int[field.length() + 1];
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '(') {
                open.push(i);
            } else if (c == '\\' && !open.isEmpty()) {
                // RFC 5322 section 3.2.1: whatever follows means nothing.
                i++;
            } else if (c == ')' && !open.isEmpty()) {
                depthChange[open.pop()]++;
                depthChange[i + 1]--;
            }
        }
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < field.length(); i++) {
            depth += depthChange[i];
            text.append(depth == 0 ? field.charAt(i) : ' ');
        }
        return text.toString();
    }
}
