package org.understudy.smtp;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

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

    public Capabilities {
        extensions = Map.copyOf(extensions);
    }

    public boolean offers(String keyword) {
        return extensions.containsKey(keyword);
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
