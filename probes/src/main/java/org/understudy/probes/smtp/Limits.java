package org.understudy.probes.smtp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.understudy.smtp.Capabilities;

/** The LIMITS extension (RFC 9422). */
final class Limits {
    private static final Pattern RECIPIENTS = Pattern.compile("(?i)\\bRCPTMAX=(\\d{1,6})\\b");

    private Limits() {}

    /** How many recipients a message may have; empty if nothing is said of it. */
    static Optional<Integer> recipients(Capabilities offered) {
        Matcher matcher = RECIPIENTS.matcher(offered.parameters("LIMITS").orElse(""));
        return matcher.find() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }
}
