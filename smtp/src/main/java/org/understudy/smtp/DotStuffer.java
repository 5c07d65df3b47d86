package org.understudy.smtp;

/**
 * Makes content transparent: a dot at the beginning of a line is doubled (RFC 5321 section 4.5.2), all else is unchanged.
 * Confined to one thread.
 *
 * <p>Refuses a CR or LF that stands alone, before it is passed on: servers that take one for a line end let the rest of the
 * content pass for commands (RFC 5321 section 2.3.8 forbids to send them).
 */
final class DotStuffer {

    /** Where the octets go. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] octets, int from, int length) throws SessionBrokenException;
    }

    /** The content has a CR or LF that is not part of a CRLF. */
    static final class BareLineEndException extends Exception {
        private static final long serialVersionUID = 1L;

        BareLineEndException(String octet, long position) {
            super("the content has a bare " + octet + " at octet " + position);
        }
    }

    private static final byte[] DOT = {'.'};
    private static final byte[] CRLF = {'\r', '\n'};

    private final Sink sink;
    private boolean lineStart = true;
    private boolean afterCr;
    private long taken;

    DotStuffer(Sink sink) {
        this.sink = sink;
    }

    /** The next octets of the content; a block may end anywhere. */
    void write(byte[] octets, int from, int length) throws SessionBrokenException, BareLineEndException {
        int end = from + length;
        int unsent = from;
        for (int i = from; i < end; i++) {
            byte octet = octets[i];
            if (afterCr) {
                requireLf(octet, taken + i - from);
                // The CR was kept back at the end of the last block, if there was one.
                if (i == from) {
                    sink.write(CRLF, 0, 1);
                }
                afterCr = false;
                lineStart = true;
            } else if (octet == '\r') {
                afterCr = true;
                lineStart = false;
            } else if (octet == '\n') {
                throw new BareLineEndException("LF", taken + i - from + 1);
            } else if (lineStart) {
                lineStart = false;
                if (octet == '.') {
                    send(octets, unsent, i);
                    sink.write(DOT, 0, 1);
                    unsent = i;
                }
            }
        }
        taken += length;
        send(octets, unsent, afterCr && length > 0 ? end - 1 : end);
    }

    /** Adds the final CRLF if the content has none; content without any octet stays empty. */
    void finish() throws SessionBrokenException, BareLineEndException {
        if (afterCr) {
            throw new BareLineEndException("CR", taken);
        }
        if (!lineStart) {
            sink.write(CRLF, 0, 2);
            lineStart = true;
        }
    }

    /** Octets of content taken until now, before stuffing. */
    long taken() {
        return taken;
    }

    private void send(byte[] octets, int from, int to) throws SessionBrokenException {
        if (to > from) {
            sink.write(octets, from, to - from);
        }
    }

    private static void requireLf(byte octet, long positionOfCr) throws BareLineEndException {
        if (octet != '\n') {
            throw new BareLineEndException("CR", positionOfCr);
        }
    }
}
