package org.understudy.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Makes text of octets that a server sent, safe to be shown and logged. Stateless. */
final class ServerText {

    private ServerText() {}

    /** Decodes UTF-8, or ISO 8859-1 where it is no UTF-8, and escapes control characters other than tab. */
    static String of(byte[] octets, int from, int to) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            text = new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
        }
        return escape(text);
    }

    private static String escape(String text) {
        if (text.chars().noneMatch(ServerText::needsEscape)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            if (needsEscape(c)) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }

    private static boolean needsEscape(int c) {
        return c != '\t'
                && (Character.isISOControl(c)
                        || Character.getType(c) == Character.LINE_SEPARATOR
                        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                        || Character.getType(c) == Character.FORMAT);
    }
}
