package org.understudy.spool.reception;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Counts trace fields in the header section that streams by, to recognise a loop (RFC 5321 section 6.3). */
final class HopCounter {
    private static final String FIELD = "received:";

    private final byte[] lower = FIELD.getBytes(StandardCharsets.US_ASCII);
    private final byte[] upper = FIELD.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    /** Octets of the field name matched at the beginning of this line; -1 once it does not match. */
    private int matched;

    private boolean lineEmpty = true;
    private boolean headerOver;
    private int hops;

    /** The next octets; costs nothing once the header section is over. */
    void see(byte[] octets, int offset, int length) {
        for (int i = offset; i < offset + length && !headerOver; i++) {
            byte b = octets[i];
            if (b == '\n') {
                headerOver = lineEmpty;
                lineEmpty = true;
                matched = 0;
            } else if (b != '\r') {
                lineEmpty = false;
                match(b);
            }
        }
    }

    private void match(byte b) {
        if (matched < 0) {
            return;
        }
        matched = b == lower[matched] || b == upper[matched] ? matched + 1 : -1;
        if (matched == lower.length) {
            hops++;
            matched = -1;
        }
    }

    int hops() {
        return hops;
    }
}
