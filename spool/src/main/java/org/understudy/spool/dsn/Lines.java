package org.understudy.spool.dsn;

import java.nio.charset.StandardCharsets;

/** Text of a notice, line by line, each ended by CRLF. Confined to one thread. */
final class Lines {
    /** RFC 5322 section 2.1.1 */
    private static final int WANTED = 78;
    /** A word that is longer is cut. */
    private static final int LONGEST = 900;

    private final boolean internationalized;
    private final StringBuilder text = new StringBuilder();

    /** @param internationalized whether characters outside US-ASCII may stand in it */
    Lines(boolean internationalized) {
        this.internationalized = internationalized;
    }

    Lines line(String line) {
        text.append(clean(line)).append("\r\n");
        return this;
    }

    /** A field whose value is no sentence and stays on one line. */
    Lines field(String name, String value) {
        return line(name + ": " + value);
    }

    /** A field, folded at spaces (RFC 5322 section 2.2.3). */
    Lines folded(String name, String value) {
        return wrapped(name + ":", value, " ");
    }

    /** Words, each further line indented. */
    Lines wrapped(String first, String words, String indent) {
        StringBuilder line = new StringBuilder(first);
        for (String word : clean(words).strip().split(" +", -1)) {
            String rest = word;
            while (rest.length() > LONGEST) {
                next(line, rest.substring(0, LONGEST), indent);
                rest = rest.substring(LONGEST);
            }
            next(line, rest, indent);
        }
        text.append(line).append("\r\n");
        return this;
    }

    private void next(StringBuilder line, String word, String indent) {
        if (line.length() + 1 + word.length() > WANTED && !line.toString().isBlank()) {
            text.append(line).append("\r\n");
            line.setLength(0);
            line.append(indent).append(word);
        } else {
            line.append(line.length() == 0 || line.charAt(line.length() - 1) == ' ' ? "" : " ")
                    .append(word);
        }
    }

    /** What others said cannot end a line, nor bring in octets that the notice does not announce. */
    private String clean(String words) {
        StringBuilder clean = new StringBuilder(words.length());
        words.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .map(c -> c > 0x7E && !internationalized ? '?' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    byte[] octets() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
