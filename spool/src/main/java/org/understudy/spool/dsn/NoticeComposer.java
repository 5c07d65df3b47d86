package org.understudy.spool.dsn;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.understudy.smtp.Mailbox;
import org.understudy.spool.QueuedMessage;

/**
 * Writes notices: multipart/report by RFC 6522 with the report of RFC 3464, or that of RFC 6533 for a message that came with
 * SMTPUTF8. Thread-safe.
 *
 * <p>It is written here and not by a mail library because the original goes into it octet for octet, broken fields included,
 * and because the types of RFC 6533 are known to none.
 */
final class NoticeComposer {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RANDOM_BITS = 128;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

    private final String hostName;

    NoticeComposer(String hostName) {
        this.hostName = hostName;
    }

    /** Content of a notice about some recipients of a message, who all share an action. */
    byte[] compose(
            Mailbox sender,
            QueuedMessage about,
            OriginalMessage original,
            List<RecipientStatus> recipients,
            boolean internationalized,
            Instant now) {
        String token = new BigInteger(RANDOM_BITS, RANDOM).toString(Character.MAX_RADIX);
        String boundary = "=_" + token;
        boolean failed =
                recipients.stream().anyMatch(recipient -> recipient.action().equals("failed"));
        byte[] text = text(recipients, failed, internationalized);
        byte[] status = new StatusReport(hostName, internationalized).of(about, recipients);
        Optional<ReturnedPart> returned = ReturnedPart.of(about, original, failed, internationalized);
        boolean eightBit = OriginalMessage.isEightBit(text)
                || OriginalMessage.isEightBit(status)
                || returned.filter(part -> OriginalMessage.isEightBit(part.octets()))
                        .isPresent();

        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(head(sender, original, token, boundary, failed, internationalized, eightBit, now));
        part(content, boundary, "Notification", textType(internationalized), encoding(text), text);
        part(content, boundary, "Delivery report", StatusReport.type(internationalized), encoding(status), status);
        returned.ifPresent(
                part -> part(content, boundary, part.description(), part.type(), part.encoding(), part.octets()));
        content.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return content.toByteArray();
    }

    private byte[] head(
            Mailbox sender,
            OriginalMessage original,
            String token,
            String boundary,
            boolean failed,
            boolean internationalized,
            boolean eightBit,
            Instant now) {
        Lines lines = new Lines(internationalized)
                .field("Date", date(now))
                .field("From", "Mail Delivery System <postmaster@" + hostName + ">")
                .field("To", "<" + sender + ">")
                .field("Subject", failed ? "Your message could not be delivered" : "Your message is delayed")
                .field("Message-ID", "<" + token + "@" + hostName + ">");
        original.messageId().ifPresent(id -> lines.field("References", id));
        // RFC 3834 section 5
        lines.field("Auto-Submitted", "auto-replied")
                .field("MIME-Version", "1.0")
                .line("Content-Type: multipart/report; report-type=delivery-status;")
                .line(" boundary=\"" + boundary + "\"");
        if (eightBit) {
            lines.field("Content-Transfer-Encoding", "8bit");
        }
        return lines.line("").line("This is a notice in MIME format.").line("").octets();
    }

    private static String textType(boolean internationalized) {
        return "text/plain; charset=" + (internationalized ? "utf-8" : "us-ascii");
    }

    private static String encoding(byte[] octets) {
        return OriginalMessage.isEightBit(octets) ? "8bit" : "7bit";
    }

    private static void part(
            ByteArrayOutputStream content,
            String boundary,
            String description,
            String type,
            String encoding,
            byte[] octets) {
        content.writeBytes(("--" + boundary + "\r\nContent-Description: " + description + "\r\nContent-Type: " + type
                        + "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        content.writeBytes(octets);
        // RFC 2046 section 5.1.1: the line end before a boundary belongs to the boundary.
        content.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private byte[] text(List<RecipientStatus> recipients, boolean failed, boolean internationalized) {
        Lines lines = new Lines(internationalized)
                .line("This is the mail server " + hostName + ", which takes mail for others.")
                .line("")
                .wrapped(
                        "",
                        failed
                                ? "Your message could not be delivered to the recipients below. It is not tried again."
                                : "Your message waits here for the recipients below. It is tried again: there is nothing"
                                        + " that you need to do.",
                        "")
                .line("");
        for (RecipientStatus recipient : recipients) {
            lines.line("  " + recipient.recipient().path().address());
            lines.wrapped("    ", recipient.words() + ".", "    ");
            recipient.diagnostic().ifPresent(reply -> lines.wrapped("    ", "It said: " + reply, "    "));
            recipient
                    .triedUntil()
                    .ifPresent(until -> lines.wrapped("    ", "It is tried until " + date(until) + ".", "    "));
            lines.line("");
        }
        return lines.octets();
    }

    /** RFC 5322 section 3.3 */
    static String date(Instant instant) {
        return DATE.format(instant.atOffset(ZoneOffset.UTC));
    }

    /** RFC 5321 section 4.1.3 */
    static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return (address instanceof Inet6Address ? "[IPv6:" : "[") + text.substring(0, scope < 0 ? text.length() : scope)
                + "]";
    }
}
