package org.understudy.spool.dsn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.MessageContent;

/** The message that a notice is about, as far as the notice needs it. Immutable. */
final class OriginalMessage {
    private static final Logger LOG = LoggerFactory.getLogger(OriginalMessage.class);
    private static final int LONGEST_HEAD = 64 * 1024;
    /** What is larger is not given back: who sent it has it. */
    private static final int LONGEST_WHOLE = 128 * 1024;

    private static final int LONGEST_LINE = 998;

    private final byte[] head;
    private final Optional<byte[]> whole;
    private final Map<String, String> fields;
    private final boolean readable;

    private OriginalMessage(byte[] head, Optional<byte[]> whole, boolean readable) {
        this.head = head;
        this.whole = whole;
        this.fields = Map.copyOf(parse(head));
        this.readable = readable;
    }

    static OriginalMessage read(MessageContent content) {
        try (InputStream in = content.open()) {
            byte[] begin = in.readNBytes(LONGEST_WHOLE + 1);
            byte[] head = head(begin);
            boolean complete = begin.length <= LONGEST_WHOLE;
            return new OriginalMessage(head, complete ? Optional.of(begin) : Optional.empty(), true);
        } catch (IOException e) {
            LOG.warn("a notice is about a message that cannot be read: {}", e.getMessage());
            return new OriginalMessage(new byte[0], Optional.empty(), false);
        }
    }

    /** Up to the empty line; what is too long ends at the end of a line. */
    private static byte[] head(byte[] begin) {
        int end = 0;
        int line = 0;
        for (int i = 1; i < begin.length && i < LONGEST_HEAD; i++) {
            if (begin[i] == '\n' && begin[i - 1] == '\r') {
                if (i - line == 1) {
                    break;
                }
                line = i + 1;
                end = line;
            }
        }
        return Arrays.copyOf(begin, end);
    }

    private static Map<String, String> parse(byte[] head) {
        Map<String, String> fields = new HashMap<>();
        String unfolded = new String(head, StandardCharsets.ISO_8859_1).replaceAll("\r\n(?=[ \t])", "");
        for (String line : unfolded.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.putIfAbsent(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return fields;
    }

    /** False if it cannot be read, so that nothing is known of it. */
    boolean isReadable() {
        return readable;
    }

    /** Octets of the header section, which may be cut at a line. */
    byte[] head() {
        return head.clone();
    }

    /** Octets of all of it, if it is small and has lines that may stand in another message (RFC 5322 section 2.1.1). */
    Optional<byte[]> whole() {
        return whole.filter(octets -> !hasLongLines(octets)).map(byte[]::clone);
    }

    private Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** Its Message-ID, if it looks like one (RFC 5322 section 3.6.4). */
    Optional<String> messageId() {
        return field("message-id").filter(id -> id.matches("<[!-;=?-~]{1,900}>"));
    }

    /** RFC 3464, RFC 8098: a report of a mail system, whatever its reverse-path. */
    boolean isReport() {
        return field("content-type")
                .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/report"))
                .isPresent();
    }

    /** RFC 3834 section 5, and what went before it: made by a machine, or for many. */
    boolean isAutomatic() {
        boolean submitted = field("auto-submitted")
                .map(value -> value.split("[;( ]", 2)[0].toLowerCase(Locale.ROOT))
                .filter(value -> !value.equals("no"))
                .isPresent();
        boolean precedence = field("precedence")
                .map(value -> value.toLowerCase(Locale.ROOT))
                .filter(value -> value.equals("bulk") || value.equals("junk") || value.equals("list"))
                .isPresent();
        return submitted || precedence || fields.keySet().stream().anyMatch(name -> name.startsWith("list-"));
    }

    static boolean isEightBit(byte[] octets) {
        for (byte octet : octets) {
            if (octet < 0) {
                return true;
            }
        }
        return false;
    }

    static boolean hasLongLines(byte[] octets) {
        int line = 0;
        for (byte octet : octets) {
            line = octet == '\n' ? 0 : line + 1;
            if (line > LONGEST_LINE + 1) {
                return true;
            }
        }
        return false;
    }
}
