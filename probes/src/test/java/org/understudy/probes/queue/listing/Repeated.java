package org.understudy.probes.queue.listing;

import java.io.InputStream;

/** The same octets again and again, made while they are read. */
final class Repeated extends InputStream {
    private final byte[] part;
    private final long octets;
    private long at;

    Repeated(byte[] part, int times) {
        this.part = part.clone();
        this.octets = (long) part.length * times;
    }

    @Override
    public int read() {
        return at < octets ? part[(int) (at++ % part.length)] & 0xFF : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (at >= octets) {
            return -1;
        }
        int n = 0;
        while (n < length && at < octets) {
            int begin = (int) (at % part.length);
            int piece = (int) Math.min(Math.min(part.length - begin, length - n), octets - at);
            System.arraycopy(part, begin, buffer, offset + n, piece);
            n += piece;
            at += piece;
        }
        return n;
    }
}
