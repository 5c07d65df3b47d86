package org.understudy.probes.canary;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Digest of a body that stays the same while the content does: of decoded octets, whatever the transfer encoding (RFC 6152
 * section 3 allows a relay to change it), with LF line ends and without empty lines at the end.
 */
final class BodyDigest {

    private BodyDigest() {}

    static String of(byte[] decoded) {
        String text = new String(decoded, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        return hex((text.stripTrailing() + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * @param encoding value of Content-Transfer-Encoding
     * @throws IOException if the body is not so encoded
     */
    static String of(byte[] body, String encoding) throws IOException {
        try (InputStream in = MimeUtility.decode(new ByteArrayInputStream(body), encoding.strip())) {
            return of(in.readAllBytes());
        } catch (MessagingException e) {
            throw new IOException("unknown transfer encoding \"" + encoding + "\"", e);
        }
    }

    static String hex(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 belongs to every Java runtime", e);
        }
    }
}
