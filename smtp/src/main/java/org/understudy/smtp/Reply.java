package org.understudy.smtp;

import java.util.List;
import java.util.Optional;

/**
 * A reply of an SMTP server (RFC 5321 section 4.2): one code, one or more lines of text.
 *
 * <p>Immutable. Decisions are made by the code alone; the text is evidence.
 *
 * @param code 200 to 599
 * @param lines the text of each line without code, separator and line end; at least one, possibly empty
 */
public record Reply(int code, List<String> lines) {

    public Reply {
        lines = List.copyOf(lines);
        if (code < 200 || code > 599 || lines.isEmpty()) {
            throw new IllegalArgumentException("no SMTP reply: " + code + " " + lines);
        }
    }

    public static Reply of(int code, String text) {
        return new Reply(code, List.of(text));
    }

    /** 2yz: done. */
    public boolean isPositive() {
        return code / 100 == 2;
    }

    /** 3yz: go on. */
    public boolean isIntermediate() {
        return code / 100 == 3;
    }

    /** 4yz: not now. */
    public boolean isTransient() {
        return code / 100 == 4;
    }

    /** 5yz: never. */
    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /** The enhanced status code, if the last line begins with one whose class is that of the reply code. */
    public Optional<EnhancedStatusCode> enhancedCode() {
        return EnhancedStatusCode.leading(lines.get(lines.size() - 1)).filter(c -> c.statusClass() == code / 100);
    }

    /** All lines joined by a space. */
    public String text() {
        return String.join(" ", lines);
    }

    /** Code and text on one line. */
    @Override
    public String toString() {
        return code + " " + text();
    }
}
