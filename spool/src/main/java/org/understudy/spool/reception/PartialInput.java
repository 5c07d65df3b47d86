package org.understudy.spool.reception;

import java.io.IOException;

/** What came until now, octet by octet. Confined to one thread. */
final class PartialInput implements ProxyHeader.Source {
    private final byte[] octets;
    private final int end;
    private int position;

    PartialInput(byte[] octets, int from, int to) {
        this.octets = octets;
        this.position = from;
        this.end = to;
    }

    /** More has to come before this can be read. */
    static final class IncompleteException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    @Override
    public int read() throws IncompleteException {
        if (position == end) {
            throw new IncompleteException();
        }
        return octets[position++] & 0xff;
    }

    /** Behind what was read. */
    int position() {
        return position;
    }
}
