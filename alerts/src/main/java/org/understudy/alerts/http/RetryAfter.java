package org.understudy.alerts.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Reads the header that says when to come back. */
public final class RetryAfter {
    /** More digits than any sensible delay; keeps the number within a long. */
    private static final int MAXIMAL_DIGITS = 9;

    private RetryAfter() {}

    /** The time to wait, never negative; empty if the value cannot be understood. RFC 9110 section 10.2.3 */
    public static Optional<Duration> parse(String value, Instant now) {
        String text = value.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long seconds = text.length() > MAXIMAL_DIGITS ? Integer.MAX_VALUE : Long.parseLong(text);
            return Optional.of(Duration.ofSeconds(seconds));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
