package org.understudy.probes.canary;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads from the reply to a final dot by which id the server knows the message. */
public final class QueueIds {
    private static final Pattern NAMED =
            Pattern.compile("(?:queued as |\\bid[= ])<?([A-Za-z0-9._-]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern BARE = Pattern.compile("^(?:2\\.\\d\\.\\d )?(?:OK:? )?([A-Za-z0-9._-]{6,})$");

    private QueueIds() {}

    /** {@code 2.0.0 Ok: queued as 4F5A}, {@code OK id=1x2y-3z}, {@code 2.0.0 01J9ZK}: empty if there is none. */
    public static String in(String text) {
        Matcher named = NAMED.matcher(text);
        if (named.find()) {
            return named.group(1);
        }
        Matcher bare = BARE.matcher(text.strip());
        return bare.find() ? bare.group(1) : "";
    }
}
