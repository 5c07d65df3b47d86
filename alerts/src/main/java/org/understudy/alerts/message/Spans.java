package org.understudy.alerts.message;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times and durations as people read them. */
public final class Spans {
    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Spans() {}

    /** For example {@code 2026-11-24 13:05:10 UTC}. */
    public static String utc(Instant time) {
        return UTC.format(time);
    }

    /** The two largest units, for example {@code 45s}, {@code 12m}, {@code 3h 5m}, {@code 2d 4h}. */
    public static String brief(Duration span) {
        if (span.toDays() > 0) {
            return join(span.toDays(), "d", span.toHoursPart(), "h");
        }
        if (span.toHours() > 0) {
            return join(span.toHours(), "h", span.toMinutesPart(), "m");
        }
        if (span.toMinutes() > 0) {
            return span.toMinutes() + "m";
        }
        return Math.max(0, span.toSeconds()) + "s";
    }

    private static String join(long large, String largeUnit, long small, String smallUnit) {
        return large + largeUnit + (small == 0 ? "" : " " + small + smallUnit);
    }
}
