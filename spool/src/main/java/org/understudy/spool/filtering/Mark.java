package org.understudy.spool.filtering;

import java.nio.charset.StandardCharsets;
import org.understudy.smtp.DomainName;

/** The field that tells the primary's filter what ours had against a message. Immutable. */
final class Mark {
    private static final String NAME = "X-Understudy-Filter: ";
    /** RFC 5322 section 2.1.1: 998 without the CRLF. */
    private static final int LONGEST_LINE = 998;

    private final DomainName hostName;

    /** @param hostName in front, since a sender can write such a field as well */
    Mark(DomainName hostName) {
        this.hostName = hostName;
    }

    byte[] field(String words) {
        StringBuilder line = new StringBuilder(NAME).append(hostName).append("; suspicious; ");
        words.chars().map(c -> c >= ' ' && c < 0x7F ? c : '?').forEach(c -> line.append((char) c));
        line.setLength(Math.min(line.length(), LONGEST_LINE));
        return line.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }
}
