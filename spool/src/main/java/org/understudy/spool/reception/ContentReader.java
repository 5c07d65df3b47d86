package org.understudy.spool.reception;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads content up to CRLF.CRLF, and nothing else ends it (RFC 5321 section 4.1.1.4). Takes the stuffed dots out (section
 * 4.5.2), notices bare CR and LF, and leaves what follows the end where it is. Used once per message.
 */
final class ContentReader {
    private static final int BLOCK = 32 * 1024;

    /** Takes the content in blocks. */
    interface Sink {
        void take(byte[] octets, int offset, int length);
    }

    private enum State {
        LINE_START,
        TEXT,
        CR,
        DOT,
        DOT_CR
    }

    private final SessionIo io;
    private final Sink sink;
    private final byte[] block = new byte[BLOCK];
    private int length;
    private State state = State.LINE_START;
    private boolean bareCrOrLf;
    private long size;

    ContentReader(SessionIo io, Sink sink) {
        this.io = io;
        this.sink = sink;
    }

    /** Reads to the end; false if the connection ended before. */
    boolean read() throws IOException {
        io.beginContent();
        while (true) {
            ByteBuffer octets = io.content();
            if (!octets.hasRemaining()) {
                return false;
            }
            int before = octets.remaining();
            boolean ended = scan(octets);
            io.take(before - octets.remaining());
            if (ended) {
                hand();
                return true;
            }
        }
    }

    private boolean scan(ByteBuffer octets) {
        while (octets.hasRemaining()) {
            byte b = octets.get();
            if (state == State.DOT_CR && b == '\n') {
                return true;
            }
            state = next(b);
        }
        return false;
    }

    private State next(byte b) {
        switch (state) {
            case DOT -> {
                if (b == '\r') {
                    return State.DOT_CR;
                }
                // The dot was stuffed, or should have been: it goes.
                return text(b);
            }
            case DOT_CR -> {
                bareCrOrLf = true;
                emit((byte) '\r');
                return text(b);
            }
            case CR -> {
                emit((byte) '\r');
                if (b == '\n') {
                    emit(b);
                    return State.LINE_START;
                }
                bareCrOrLf = true;
                return text(b);
            }
            case LINE_START -> {
                return b == '.' ? State.DOT : text(b);
            }
            case TEXT -> {
                return text(b);
            }
        }
        throw new IllegalStateException(state.name());
    }

    private State text(byte b) {
        if (b == '\r') {
            return State.CR;
        }
        if (b == '\n') {
            bareCrOrLf = true;
        }
        emit(b);
        return State.TEXT;
    }

    private void emit(byte b) {
        if (length == BLOCK) {
            hand();
        }
        block[length++] = b;
    }

    private void hand() {
        size += length;
        sink.take(block, 0, length);
        length = 0;
    }

    /** Octets of content read, without stuffed dots. */
    long size() {
        return size;
    }

    boolean hasBareCrOrLf() {
        return bareCrOrLf;
    }
}
