package org.understudy.spool.dsn;

import java.util.Locale;
import java.util.Optional;
import org.understudy.spool.QueuedMessage;

/** What a notice gives back of the message (RFC 6522 section 3, RFC 6533 section 5). Immutable. */
final class ReturnedPart {
    private final String description;
    private final String type;
    private final String encoding;
    private final byte[] octets;

    private ReturnedPart(String description, String type, String encoding, byte[] octets) {
        this.description = description;
        this.type = type;
        this.encoding = encoding;
        this.octets = octets;
    }

    /**
     * The whole message if its sender asked for it, it failed, and it is not large; else its header section.
     *
     * @return empty if the message cannot be read
     */
    static Optional<ReturnedPart> of(
            QueuedMessage about, OriginalMessage original, boolean failed, boolean internationalized) {
        // RFC 3461 section 4.3
        boolean full = failed
                && about.parameters()
                        .value("RET")
                        .filter(ret -> ret.toUpperCase(Locale.ROOT).equals("FULL"))
                        .isPresent();
        Optional<byte[]> whole = full ? original.whole() : Optional.empty();
        if (whole.isPresent()) {
            return whole.map(octets -> new ReturnedPart(
                    "The message",
                    internationalized ? "message/global" : "message/rfc822",
                    OriginalMessage.isEightBit(octets) ? "8bit" : "7bit",
                    octets));
        }
        return original.isReadable() ? Optional.of(head(original.head(), internationalized)) : Optional.empty();
    }

    private static ReturnedPart head(byte[] head, boolean internationalized) {
        boolean eightBit = OriginalMessage.isEightBit(head);
        // RFC 6522 section 4: fields that are broken.
        boolean encoded = OriginalMessage.hasLongLines(head) || (eightBit && !internationalized);
        String plain = eightBit ? "8bit" : "7bit";
        return new ReturnedPart(
                "The header section of the message",
                internationalized ? "message/global-headers" : "text/rfc822-headers",
                encoded ? "quoted-printable" : plain,
                encoded ? QuotedPrintable.encode(head) : head);
    }

    String description() {
        return description;
    }

    String type() {
        return type;
    }

    String encoding() {
        return encoding;
    }

    byte[] octets() {
        return octets.clone();
    }
}
