package org.understudy.probes.content;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.understudy.probes.CanarySettings;
import org.understudy.probes.canary.QuotedPrintable;
import org.understudy.probes.canary.SampleMark;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.ReversePath;

/** A sample as a message, to the recipient of canaries. */
record SampleMessage(SampleMark mark, Sample sample, DomainName host, CanarySettings settings) {
    private static final String CRLF = "\r\n";
    // RFC 5322 section 3.3
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    // RFC 2045 section 6.8
    private static final int LINE = 76;
    private static final String BOUNDARY = "=_understudy-sample";

    /** Nobody needs to be told what becomes of it (RFC 3461 section 4.1). */
    Envelope envelope() {
        Recipient recipient =
                new Recipient(ForwardPath.of(settings.recipient()), new EsmtpParameters(Map.of("NOTIFY", "NEVER")));
        EsmtpParameters parameters =
                sample == Sample.EIGHT_BIT ? new EsmtpParameters(Map.of("BODY", "8BITMIME")) : EsmtpParameters.NONE;
        return new Envelope(ReversePath.of(settings.sampleSender()), parameters, List.of(recipient));
    }

    /**
     * The message to the octet.
     *
     * @param eightBit whether the server takes octets above 127 (RFC 6152); else they are encoded
     */
    MessageContent content(boolean eightBit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(header().getBytes(StandardCharsets.US_ASCII));
        switch (sample) {
            case PLAIN, LIST -> out.writeBytes(text("plain", ""));
            case GTUBE -> out.writeBytes(text("plain", Attachments.gtube() + CRLF));
            case HTML -> out.writeBytes(text("html", ""));
            case EIGHT_BIT -> out.writeBytes(eightBit(eightBit));
            case ZIP -> out.writeBytes(attached("application/zip", "sample.zip", Attachments.zip()));
            case PDF -> out.writeBytes(attached("application/pdf", "sample.pdf", Attachments.pdf()));
            case LARGE -> out.writeBytes(attached("text/plain", "sample.txt", Attachments.large()));
            case EICAR -> out.writeBytes(attached("application/octet-stream", "eicar.com", Attachments.eicar()));
        }
        return MessageContent.of(out.toByteArray());
    }

    private String header() {
        Mailbox sender = settings.sampleSender();
        String fields = String.join(
                CRLF,
                "Date: " + DATE.format(mark.createdAt().atOffset(ZoneOffset.UTC)),
                "From: Understudy sample <" + sender + ">",
                "To: <" + settings.recipient() + ">",
                "Message-ID: <" + mark.label() + "@" + sender.domain() + ">",
                "Subject: Content check of " + host + ": " + sample.label() + " [" + mark.id() + "]",
                SampleMark.HEADER + ": " + mark.header(),
                // RFC 3834 section 5
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "");
        return sample == Sample.LIST ? fields + list(sender) : fields;
    }

    /** RFC 2919 section 2, RFC 2369 section 3. */
    private static String list(Mailbox sender) {
        return "List-Id: Understudy samples <samples." + sender.domain() + ">" + CRLF
                + "List-Post: NO" + CRLF
                + "List-Unsubscribe: <mailto:" + sender + ">" + CRLF;
    }

    private String sentence() {
        return "Understudy sent this sample to " + host + " to see whether primary and backup treat" + CRLF
                + "mail like this alike. It is harmless, and is removed by itself." + CRLF;
    }

    private byte[] text(String kind, String more) {
        String words = kind.equals("html")
                ? "<!DOCTYPE html>" + CRLF + "<html><head><title>A sample</title></head>" + CRLF + "<body><p>"
                        + sentence().strip() + "</p></body></html>" + CRLF
                : sentence() + more;
        return ("Content-Type: text/" + kind + "; charset=us-ascii" + CRLF + "Content-Transfer-Encoding: 7bit" + CRLF
                        + CRLF + words)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] eightBit(boolean allowed) {
        byte[] body = (sentence() + "Octets above 127: Grüße, déjà vu, ✓" + CRLF).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(("Content-Type: text/plain; charset=utf-8" + CRLF + "Content-Transfer-Encoding: "
                        + (allowed ? "8bit" : "quoted-printable") + CRLF + CRLF)
                .getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(allowed ? body : QuotedPrintable.of(body));
        return out.toByteArray();
    }

    private byte[] attached(String type, String file, byte[] octets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String begin =
                "Content-Type: multipart/mixed; boundary=\"" + BOUNDARY + "\"" + CRLF + CRLF + "--" + BOUNDARY + CRLF;
        out.writeBytes(begin.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(text("plain", ""));
        String part = "--" + BOUNDARY + CRLF
                + "Content-Type: " + type + "; name=\"" + file + "\"" + CRLF
                + "Content-Disposition: attachment; filename=\"" + file + "\"" + CRLF
                + "Content-Transfer-Encoding: base64" + CRLF + CRLF;
        out.writeBytes(part.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(Base64.getMimeEncoder(LINE, CRLF.getBytes(StandardCharsets.US_ASCII))
                .encode(octets));
        out.writeBytes((CRLF + "--" + BOUNDARY + "--" + CRLF).getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }
}
