package org.understudy.smtp;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server offered in its reply to EHLO (RFC 5321 section 4.1.1.1).
 *
 * <p>Immutable.
 *
 * @param extensions keyword in upper case to its parameters, {@code ""} if it has none
 */
public record Capabilities(Map<String, String> extensions) {

    /** Of a server that was only greeted with HELO. */
    public static final Capabilities NONE = new Capabilities(Map.of());

    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9][A-Za-z0-9-]*)(?:[ =](.*))?");

    public Capabilities {
        extensions = Map.copyOf(extensions);
    }

    /** Reads a positive reply to EHLO; a line that is no keyword is left out, the first of two equal keywords counts. */
    static Capabilities of(Reply ehlo) {
        Map<String, String> extensions = new HashMap<>();
        for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
            // Some servers still write AUTH=LOGIN for clients of the last century.
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                extensions.putIfAbsent(
                        matcher.group(1).toUpperCase(Locale.ROOT),
                        matcher.group(2) == null ? "" : matcher.group(2).strip());
            }
        }
        return new Capabilities(extensions);
    }

    public boolean offers(String keyword) {
        return extensions.containsKey(keyword);
    }

    /** The same, as if one extension had not been offered. */
    Capabilities without(String keyword) {
        Map<String, String> others = new HashMap<>(extensions);
        others.remove(keyword);
        return new Capabilities(others);
    }

    public Optional<String> parameters(String keyword) {
        return Optional.ofNullable(extensions.get(keyword));
    }

    /** The announced limit (RFC 1870 section 4); empty if none was announced or it is 0, which means no fixed limit. */
    public OptionalLong maximumSize() {
        String size = extensions.getOrDefault("SIZE", "");
        if (!size.matches("\\d{1,18}")) {
            return OptionalLong.empty();
        }
        long octets = Long.parseLong(size);
        return octets == 0 ? OptionalLong.empty() : OptionalLong.of(octets);
    }
}
