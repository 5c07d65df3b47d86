package org.understudy.probes.canary;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.understudy.probes.Role;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;

/**
 * A canary as a message. Its body has what careless servers change: octets above 127, a line that begins with a dot, a long
 * line.
 */
record CanaryMessage(CanaryMark mark, CanaryPath path) {
    /** A method that nobody knows, so that its result is of no use to anybody. */
    static final String FOREIGN_METHOD = "x-understudy";

    static final String BODY_HEADER = "X-Understudy-Body";

    // RFC 5321 section 4.5.3.1.6 allows 1000 octets with CRLF and a dot put in front.
    private static final int LONG_LINE = 990;
    // RFC 5321 section 4.5.3.1.1
    private static final int MAX_LOCAL_PART = 64;
    // RFC 5322 section 3.3; the day of the month may have one digit.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    /** Failure notices come back to an address that names the canary. */
    Envelope envelope() {
        EsmtpParameters parameters = new EsmtpParameters(Map.of("BODY", "8BITMIME", "RET", "HDRS", "ENVID", mark.id()));
        Recipient recipient = new Recipient(
                ForwardPath.of(path.settings().recipient()), new EsmtpParameters(Map.of("NOTIFY", "FAILURE")));
        return new Envelope(ReversePath.of(returnAddress()), parameters, List.of(recipient));
    }

    private Mailbox returnAddress() {
        Mailbox sender = path.settings().sender();
        for (String detail : List.of(mark.label(), mark.id())) {
            String local = sender.localPart() + "+" + detail;
            if (!local.startsWith("\"") && local.length() <= MAX_LOCAL_PART) {
                return new Mailbox(local, sender.domain());
            }
        }
        return sender;
    }

    static String subject(CanaryMark mark, CanaryPath path) {
        return "Mail path check of " + path.exchanger().host() + " [" + mark.label() + "]";
    }

    String bodyDigest() {
        return BodyDigest.of(body().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The message to the octet; the same at each call.
     *
     * @param eightBit whether the server takes octets above 127 (RFC 6152); else they are encoded
     */
    MessageContent content(boolean eightBit) {
        Mailbox sender = path.settings().sender();
        String header = String.join(
                "\r\n",
                "Date: " + DATE.format(mark.createdAt().atOffset(ZoneOffset.UTC)),
                "From: Understudy canary <" + sender + ">",
                "To: <" + path.settings().recipient() + ">",
                "Message-ID: <" + mark.label() + "@" + sender.domain() + ">",
                "Subject: " + subject(mark, path),
                CanaryMark.HEADER + ": " + mark.header(),
                BODY_HEADER + ": sha-256=" + bodyDigest(),
                // RFC 3834 section 5
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: " + (eightBit ? "8bit" : "quoted-printable"),
                "");
        if (path.exchanger().role() == Role.BACKUP) {
            // RFC 8601 section 5: whoever writes such fields removes those that others wrote in its name.
            header =
                    header + "Authentication-Results: " + path.exchanger().host() + "; " + FOREIGN_METHOD + "=pass\r\n";
        }
        byte[] body = body().getBytes(StandardCharsets.UTF_8);
        byte[] encoded = eightBit ? body : QuotedPrintable.of(body);
        Seal seal = Seal.of(joined(header, encoded));
        return MessageContent.of(joined(header + Seal.HEADER + ": " + seal.value() + "\r\n", encoded));
    }

    private static byte[] joined(String header, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((header + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private String body() {
        String sentence = "This line is as long as a line may be, since some servers break or cut such lines. ";
        String longLine = sentence.repeat(LONG_LINE / sentence.length() + 1).substring(0, LONG_LINE - 1) + "|";
        return String.join(
                "\r\n",
                "Understudy sent this message through " + path.exchanger().host() + " to see that mail for",
                path.domain().name() + " gets through. It is removed by itself; there is nothing to do.",
                "",
                "Octets above 127: Grüße, déjà vu, ✓",
                ".This line begins with a dot.",
                longLine,
                "",
                mark.id(),
                "");
    }
}
