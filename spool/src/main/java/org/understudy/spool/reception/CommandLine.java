package org.understudy.spool.reception;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A command line without its end. */
record CommandLine(Kind kind, String text) {
    /** RFC 5321 section 4.5.3.1.4 says 512 octets, extensions add to it. */
    static final int MAX_OCTETS = 2048;

    static final CommandLine TOO_LONG = new CommandLine(Kind.TOO_LONG, "");
    private static final CommandLine BAD = new CommandLine(Kind.BAD, "");

    /** What a line turned out to be. */
    enum Kind {
        GOOD,
        TOO_LONG,
        /** Not UTF-8, with a control character, or not ended by CRLF. */
        BAD
    }

    /** @param lineFeed where the line feed stands */
    static CommandLine decode(byte[] octets, int begin, int lineFeed) {
        int length = lineFeed - 1 - begin;
        if (length < 0 || octets[lineFeed - 1] != '\r') {
            return BAD;
        }
        if (length >= MAX_OCTETS) {
            return TOO_LONG;
        }
        boolean ascii = true;
        for (int i = begin; i < begin + length; i++) {
            byte b = octets[i];
            if (b < 0) {
                ascii = false;
            } else if ((b < ' ' && b != '\t') || b == 0x7f) {
                return BAD;
            }
        }
        return ascii
                ? new CommandLine(Kind.GOOD, new String(octets, begin, length, StandardCharsets.ISO_8859_1))
                : decodeUtf8(ByteBuffer.wrap(octets, begin, length));
    }

    /**
     * Upper case of what is compared without regard to case (RFC 5321 section 2.4). Text that is not ASCII stays as it is: for
     * Unicode the upper case of U+017F is S, but the next hop does not take it for one.
     */
    static String upperCase(String text) {
        return text.chars().allMatch(c -> c < 0x80) ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static CommandLine decodeUtf8(ByteBuffer octets) {
        try {
            return new CommandLine(
                    Kind.GOOD,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(octets)
                            .toString());
        } catch (CharacterCodingException e) {
            return BAD;
        }
    }
}
