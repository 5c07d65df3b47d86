package org.understudy.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads replies (RFC 5321 section 4.2), taking no more from a hostile server than fits the limits. Confined to one thread.
 *
 * <p>Lenient where it is harmless: a line may end with LF alone, and a line longer than {@link #MAX_LINE_OCTETS} (RFC 5321
 * section 4.5.3.1.5 says 512) is cut, not refused. The text of a reply has its control characters escaped.
 */
final class ReplyReader {

    /** Octets of a line that are kept. */
    static final int MAX_LINE_OCTETS = 2048;

    /** Lines of one reply. */
    static final int MAX_LINES = 100;

    /** Octets of one reply, cut or not. */
    static final int MAX_REPLY_OCTETS = 64 * 1024;

    /** What the server sent is no reply, or too much of one. */
    static final class MalformedReplyException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedReplyException(String message) {
            super(message);
        }
    }

    private final InputStream in;
    private final byte[] buffer = new byte[4096];
    private int next;
    private int end;

    private final byte[] line = new byte[MAX_LINE_OCTETS];
    private int lineLength;
    private int replyOctets;

    ReplyReader(InputStream in) {
        this.in = in;
    }

    /** True if the server sent more than was read until now. */
    boolean hasBuffered() {
        return next < end;
    }

    /**
     * Reads one reply.
     *
     * @throws EOFException if the server closed the connection
     */
    Reply read() throws IOException, MalformedReplyException {
        replyOctets = 0;
        List<String> lines = new ArrayList<>(1);
        int code = 0;
        do {
            readLine();
            int lineCode = code();
            // RFC 5321 section 4.2.1: the code is the same on every line.
            if (!lines.isEmpty() && lineCode != code) {
                throw new MalformedReplyException("reply codes " + code + " and " + lineCode + " in one reply");
            }
            if (lines.size() == MAX_LINES) {
                throw new MalformedReplyException("reply of more than " + MAX_LINES + " lines");
            }
            code = lineCode;
            lines.add(lineLength > 4 ? ServerText.of(line, 4, lineLength) : "");
        } while (lineLength > 3 && line[3] == '-');
        return new Reply(code, lines);
    }

    private void readLine() throws IOException, MalformedReplyException {
        lineLength = 0;
        for (int c = nextOctet(); c != '\n'; c = nextOctet()) {
            if (lineLength < MAX_LINE_OCTETS) {
                line[lineLength++] = (byte) c;
            }
        }
        if (lineLength > 0 && line[lineLength - 1] == '\r') {
            lineLength--;
        }
    }

    private int nextOctet() throws IOException, MalformedReplyException {
        if (next == end) {
            next = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
            if (end == 0) {
                throw new EOFException("connection closed by the server");
            }
        }
        if (++replyOctets > MAX_REPLY_OCTETS) {
            throw new MalformedReplyException("reply of more than " + MAX_REPLY_OCTETS + " octets");
        }
        return buffer[next++] & 0xFF;
    }

    private int code() throws MalformedReplyException {
        boolean separated = lineLength == 3 || (lineLength > 3 && (line[3] == ' ' || line[3] == '-'));
        if (!separated || line[0] < '2' || line[0] > '5' || !isDigit(line[1]) || !isDigit(line[2])) {
            String shown = ServerText.of(line, 0, Math.min(lineLength, 80));
            throw new MalformedReplyException("not an SMTP reply: \"" + shown + "\"");
        }
        return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
