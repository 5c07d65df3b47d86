package org.understudy.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.understudy.smtp.SmtpFailure.Kind;

/**
 * Sends content after the 354: dot-stuffed (RFC 5321 section 4.5.2), otherwise octet for octet, ended by CRLF. A bare CR or LF
 * never leaves us: it would let content pass for commands at a lax server (RFC 5321 section 2.3.8).
 */
final class ContentWriter {
    private static final int BLOCK = 32 * 1024;

    private final Wire wire;
    private final Duration timeout;
    private final byte[] block = new byte[BLOCK];
    private final byte[] stuffed = new byte[2 * BLOCK + 2];
    private boolean lineBegins = true;
    private boolean afterCr;

    ContentWriter(Wire wire, Duration timeout) {
        this.wire = wire;
        this.timeout = timeout;
    }

    /**
     * Sends all of it, up to where the final dot goes.
     *
     * @return octets of content
     * @throws BrokenSessionException if the network fails, or the content cannot be read or must not be sent: the session must
     *     be cut then, for its end would be taken for the end of the message
     */
    long send(MessageContent content) throws BrokenSessionException {
        long total = 0;
        try (InputStream in = content.open()) {
            for (int n = read(in); n > 0; n = read(in)) {
                total += n;
                int length = stuff(n);
                wire.write(SmtpStage.CONTENT, stuffed, 0, length, timeout);
            }
        } catch (IOException e) {
            throw new BrokenSessionException(
                    SmtpFailure.of(SmtpStage.CONTENT, Kind.CONTENT, "the content cannot be read: " + e.getMessage()));
        }
        if (afterCr) {
            throw bare("CR");
        }
        if (!lineBegins) {
            wire.write(SmtpStage.CONTENT, new byte[] {'\r', '\n'}, 0, 2, timeout);
        }
        wire.flush(SmtpStage.CONTENT, timeout);
        return total;
    }

    private int read(InputStream in) throws IOException {
        return in.read(block);
    }

    private int stuff(int length) throws BrokenSessionException {
        int end = 0;
        for (int i = 0; i < length; i++) {
            byte b = block[i];
            if (afterCr != (b == '\n')) {
                throw bare(afterCr ? "CR" : "LF");
            }
            if (b == '.' && lineBegins) {
                stuffed[end++] = '.';
            }
            stuffed[end++] = b;
            lineBegins = b == '\n';
            afterCr = b == '\r';
        }
        return end;
    }

    private static BrokenSessionException bare(String which) {
        return new BrokenSessionException(
                SmtpFailure.of(SmtpStage.CONTENT, Kind.CONTENT, "the content has a bare " + which));
    }
}
