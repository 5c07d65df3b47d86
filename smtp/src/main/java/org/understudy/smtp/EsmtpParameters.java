package org.understudy.smtp;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The parameters behind the path of MAIL or RCPT (RFC 5321 section 4.1.1.11), in their order. Keywords are upper case; a
 * parameter without a value has the empty string.
 *
 * <p>Immutable.
 *
 * @param values keyword to value
 */
public record EsmtpParameters(Map<String, String> values) {

    public static final EsmtpParameters NONE = new EsmtpParameters(Map.of());

    public EsmtpParameters {
        Map<String, String> upper = new LinkedHashMap<>();
        values.forEach((keyword, value) -> upper.put(keyword.toUpperCase(Locale.ROOT), value));
        values = java.util.Collections.unmodifiableMap(upper);
    }

    public boolean has(String keyword) {
        return values.containsKey(keyword);
    }

    public Optional<String> value(String keyword) {
        return Optional.ofNullable(values.get(keyword));
    }

    public EsmtpParameters with(String keyword, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(keyword, value);
        return new EsmtpParameters(more);
    }

    public EsmtpParameters without(String keyword) {
        Map<String, String> fewer = new LinkedHashMap<>(values);
        fewer.remove(keyword);
        return new EsmtpParameters(fewer);
    }

    /** As it stands on the command line after the path: empty, or each parameter with a leading space. */
    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(e -> e.getValue().isEmpty() ? " " + e.getKey() : " " + e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining());
    }
}
