package org.understudy.smtp;

import java.io.IOException;
import java.io.InputStream;

/**
 * The content of a message: header section and body as they go over the wire, every line ended by CRLF, not dot-stuffed.
 * Can be read more than once.
 *
 * <p>Implementations are thread-safe.
 */
public interface MessageContent {

    /** Number of octets, as SIZE counts them (RFC 1870 section 5). */
    long size();

    /** A new stream from the first octet; the caller closes it. */
    InputStream open() throws IOException;

    /** Content held in memory. */
    static MessageContent of(byte[] octets) {
        byte[] copy = octets.clone();
        return new MessageContent() {
            @Override
            public long size() {
                return copy.length;
            }

            @Override
            public InputStream open() {
                return new java.io.ByteArrayInputStream(copy);
            }
        };
    }
}
