package org.understudy.agent.cli;

import java.time.Duration;
import java.util.Locale;

/** How lengths of time and sizes are printed. Stateless. */
final class Ages {
    private static final long KIBI = 1024;

    private Ages() {}

    /** Two units at most: {@code 3d 4h}, {@code 12m}, {@code 8s}. */
    static String text(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + "d " + age.toHoursPart() + "h";
        } else if (age.toHours() > 0) {
            return age.toHours() + "h " + age.toMinutesPart() + "m";
        } else if (age.toMinutes() > 0) {
            return age.toMinutes() + "m";
        }
        return age.toSeconds() + "s";
    }

    /** {@code 734}, {@code 4.2K}, {@code 1.3M}. */
    static String size(long octets) {
        if (octets < KIBI) {
            return Long.toString(octets);
        } else if (octets < KIBI * KIBI) {
            return String.format(Locale.ROOT, "%.1fK", octets / (double) KIBI);
        }
        return String.format(Locale.ROOT, "%.1fM", octets / (double) (KIBI * KIBI));
    }
}
