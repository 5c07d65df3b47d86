package org.understudy.spool.reception;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the end of content: CRLF.CRLF, and nothing else ends it (RFC 5321 section 4.1.1.4). Takes the stuffed dots out (section
 * 4.5.2) and notices a CR or LF that stands alone. Works on whole blocks, in place. Used once per message; confined to one
 * thread.
 */
final class ContentScanner {
    /** What the scan gave for a block that holds no end. */
    static final int GOES_ON = -1;

    private static final byte[] CR = {'\r'};

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long EACH_OCTET = 0x0101_0101_0101_0101L;
    private static final long EACH_CR = 0x0d0d_0d0d_0d0d_0d0dL;
    private static final long EACH_LF = 0x0a0a_0a0a_0a0a_0a0aL;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    /** Takes content in blocks. */
    interface Sink {
        /** The octets are the taker's only until it returns. */
        void take(byte[] octets, int offset, int length);
    }

    private enum State {
        LINE_START,
        TEXT,
        AFTER_CR,
        AFTER_DOT,
        AFTER_DOT_CR
    }

    private final Sink sink;
    private State state = State.LINE_START;
    private boolean bareCrOrLf;
    /** The octets from here on are kept, but not yet moved to where they belong. */
    private int run;
    /** Where the next octet that is kept belongs: behind the one before it, with the dots gone. */
    private int keptTo;

    ContentScanner(Sink sink) {
        this.sink = sink;
    }

    /**
     * Scans a block, which may end anywhere, and hands on what of it is content. The octets up to the end are overwritten.
     *
     * @return the index behind the end of the content, or {@link #GOES_ON}
     */
    int scan(byte[] octets, int from, int to) {
        run = from;
        keptTo = from;
        if (state == State.AFTER_DOT_CR && octets[from] != '\n') {
            // Kept back at the end of the block before, where it might still have been the end.
            sink.take(CR, 0, 1);
        }
        int at = from;
        while (at < to) {
            if (state == State.AFTER_DOT_CR && octets[at] == '\n') {
                hand(octets, from);
                return at + 1;
            }
            at = step(octets, at, to);
        }
        if (state != State.AFTER_DOT && state != State.AFTER_DOT_CR) {
            keep(octets, to);
        }
        hand(octets, from);
        return GOES_ON;
    }

    /** One step from a position; the position after it. */
    private int step(byte[] octets, int at, int to) {
        byte octet = octets[at];
        switch (state) {
            case LINE_START -> {
                if (octet != '.') {
                    return text(octets, at, to);
                }
                // Stuffed, or it should have been, or the end: in no case is it content.
                keep(octets, at);
                run = at + 1;
                state = State.AFTER_DOT;
                return at + 1;
            }
            case AFTER_DOT -> {
                if (octet != '\r') {
                    return text(octets, at, to);
                }
                state = State.AFTER_DOT_CR;
                return at + 1;
            }
            case AFTER_CR -> {
                if (octet != '\n') {
                    bareCrOrLf = true;
                    return text(octets, at, to);
                }
                state = State.LINE_START;
                return at + 1;
            }
            case AFTER_DOT_CR -> {
                bareCrOrLf = true;
                return text(octets, at, to);
            }
            case TEXT -> {
                return text(octets, at, to);
            }
        }
        throw new IllegalStateException(state.name());
    }

    /** Over text up to and including the next CR or LF. */
    private int text(byte[] octets, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to && !hasCrOrLf((long) WORDS.get(octets, at))) {
            at += Long.BYTES;
        }
        while (at < to && octets[at] != '\r' && octets[at] != '\n') {
            at++;
        }
        if (at == to) {
            state = State.TEXT;
            return to;
        }
        if (octets[at] == '\r') {
            state = State.AFTER_CR;
        } else {
            bareCrOrLf = true;
            state = State.TEXT;
        }
        return at + 1;
    }

    private static boolean hasCrOrLf(long octets) {
        return hasZero(octets ^ EACH_CR) || hasZero(octets ^ EACH_LF);
    }

    /** Only where an octet is zero does taking one from each borrow into a high bit that was not set before. */
    private static boolean hasZero(long octets) {
        return ((octets - EACH_OCTET) & ~octets & HIGH_BITS) != 0;
    }

    private void keep(byte[] octets, int to) {
        int length = to - run;
        if (run != keptTo && length > 0) {
            System.arraycopy(octets, run, octets, keptTo, length);
        }
        keptTo += length;
    }

    private void hand(byte[] octets, int from) {
        if (keptTo > from) {
            sink.take(octets, from, keptTo - from);
        }
    }

    /** True if a CR or LF was seen that is no part of a CRLF; such content must not go on its way. */
    boolean hasBareCrOrLf() {
        return bareCrOrLf;
    }
}
