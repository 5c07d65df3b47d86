package org.understudy.spool.recipients;

import java.time.Duration;
import java.time.Instant;

/** Spans of time in words. */
final class Ages {

    private Ages() {}

    /** {@code 42 s ago}, {@code 5 min ago}, {@code 3 h ago}, {@code 12 d ago}. */
    static String ago(Instant then, Instant now) {
        Duration age = Duration.between(then, now);
        if (age.compareTo(Duration.ofMinutes(2)) < 0) {
            return Math.max(0, age.toSeconds()) + " s ago";
        } else if (age.compareTo(Duration.ofHours(2)) < 0) {
            return age.toMinutes() + " min ago";
        }
        return age.compareTo(Duration.ofDays(2)) < 0 ? age.toHours() + " h ago" : age.toDays() + " d ago";
    }
}
