package org.understudy.probes.canary;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A text for servers that do not take octets above 127 (RFC 2045 section 6.7). */
public final class QuotedPrintable {
    private QuotedPrintable() {}

    public static byte[] of(byte[] text) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (OutputStream out = MimeUtility.encode(encoded, "quoted-printable")) {
            out.write(text);
        } catch (MessagingException e) {
            throw new IllegalStateException("quoted-printable is known to every mail library", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return encoded.toByteArray();
    }
}
