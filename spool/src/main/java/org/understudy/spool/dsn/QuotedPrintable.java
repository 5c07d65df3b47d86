package org.understudy.spool.dsn;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Octets that are no text in lines that are (RFC 2045 section 6.7). Stateless. */
final class QuotedPrintable {
    private static final int LONGEST_LINE = 76;

    private QuotedPrintable() {}

    /** @param octets with lines that end in CRLF */
    static byte[] encode(byte[] octets) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream(octets.length * 5 / 4);
        int line = 0;
        for (int i = 0; i < octets.length; i++) {
            if (isLineEnd(octets, i)) {
                put(encoded, "\r\n");
                line = 0;
                i++;
                continue;
            }
            String sign = sign(octets, i);
            if (line + sign.length() >= LONGEST_LINE) {
                put(encoded, "=\r\n");
                line = 0;
            }
            put(encoded, sign);
            line += sign.length();
        }
        return encoded.toByteArray();
    }

    private static boolean isLineEnd(byte[] octets, int i) {
        return octets[i] == '\r' && i + 1 < octets.length && octets[i + 1] == '\n';
    }

    private static String sign(byte[] octets, int i) {
        int c = octets[i] & 0xFF;
        boolean blank = c == ' ' || c == '\t';
        boolean atEnd = i + 1 == octets.length || isLineEnd(octets, i + 1);
        boolean itself = (c > ' ' && c < 0x7F && c != '=') || (blank && !atEnd);
        return itself ? Character.toString(c) : String.format("=%02X", c);
    }

    private static void put(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
