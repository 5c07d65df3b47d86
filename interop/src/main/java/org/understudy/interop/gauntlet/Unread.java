package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What comes over a connection; knows what has come and was not read yet. Confined to one thread. */
final class Unread {
    private final InputStream source;
    private byte[] buffer = new byte[0];
    private int at;

    Unread(InputStream source) {
        this.source = source;
    }

    /** The next octet, or -1 at the end. */
    int read() throws IOException {
        if (at == buffer.length) {
            byte[] next = new byte[4096];
            int length = source.read(next);
            if (length < 0) {
                return -1;
            }
            buffer = Arrays.copyOf(next, length);
            at = 0;
        }
        return at < buffer.length ? buffer[at++] & 0xFF : read();
    }

    /** What lies ready, and is then gone. */
    String rest() {
        String rest = new String(buffer, at, buffer.length - at, StandardCharsets.ISO_8859_1);
        at = buffer.length;
        return rest;
    }

    /** Is read before all else. */
    void putBack(String text) {
        buffer = (text + rest()).getBytes(StandardCharsets.ISO_8859_1);
        at = 0;
    }
}
