package org.understudy.spool.reception;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Reply;
import org.understudy.spool.SessionLimits;

/**
 * The octets of a session. Replies are held back until the next read would block, so that a pipelined group is answered in one
 * segment (RFC 2920 section 3.2). Reads and writes are bounded in time by the {@link Lifetime}, and memory by the constants
 * below whatever the client does. Confined to one thread.
 */
final class SessionIo {
    /** For commands; a pipelined group fits. */
    private static final int COMMAND_BUFFER = 1024;
    /** RFC 5321 section 4.5.3.1.4 says 512, extensions add to it. */
    private static final int MAX_LINE = 2048;

    private static final int MAX_REPLIES_HELD = 16 * 1024;
    private static final Duration MAX_WRITE = Duration.ofSeconds(60);
    private static final long NO_CONTENT = Long.MAX_VALUE;
    private static final ByteBuffer END = ByteBuffer.allocate(0).asReadOnlyBuffer();

    private final Socket plain;
    private final Lifetime lifetime;
    private final ContentBuffers contentBuffers;
    private final long timeout;
    private final long nanosPerOctet;
    private final long handshakeTimeout;
    private final long writeTimeout;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    private final byte[] commandBuffer = new byte[COMMAND_BUFFER];
    private byte[] input = commandBuffer;
    private int at;
    private int end;
    private final ReplyBuffer held = new ReplyBuffer();
    /** Until when content must go on; further content puts it off. */
    private long contentBy = NO_CONTENT;

    SessionIo(Socket socket, Lifetime lifetime, SessionLimits limits, ContentBuffers contentBuffers)
            throws IOException {
        this.plain = socket;
        this.lifetime = lifetime;
        this.contentBuffers = contentBuffers;
        this.timeout = limits.commandTimeout().toNanos();
        this.writeTimeout = Math.min(timeout, MAX_WRITE.toNanos());
        this.nanosPerOctet = Duration.ofSeconds(1).toNanos() / limits.minimumContentRate();
        this.handshakeTimeout = limits.handshakeTimeout().toNanos();
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** What a line turned out to be. */
    enum LineKind {
        LINE,
        TOO_LONG,
        /** Not UTF-8, with a control character, or not ended by CRLF. */
        BAD,
        END_OF_STREAM
    }

    /** A command line without its end. */
    record Line(LineKind kind, String text) {
        private static final Line TOO_LONG = new Line(LineKind.TOO_LONG, "");
        private static final Line BAD = new Line(LineKind.BAD, "");
        private static final Line END_OF_STREAM = new Line(LineKind.END_OF_STREAM, "");
    }

    /**
     * Reads one command line.
     *
     * @param idle whether no transaction is open, so that the session may be ended instead
     * @throws SessionEndException if it is not complete within the timeout, however many octets came, or the session is ended
     */
    Line readLine(boolean idle) throws IOException {
        if (idle) {
            contentBy = NO_CONTENT;
        }
        int newline = find('\n');
        if (newline >= 0) {
            Line line = decode(input, at, newline);
            at = newline + 1;
            return line;
        }
        long now = lifetime.now();
        lifetime.awaitInputUntil(Math.min(now + timeout, contentBy));
        if (idle) {
            lifetime.beginIdle(now);
        }
        Line line = awaitLine();
        lifetime.inputCame();
        if (idle && !lifetime.endIdle()) {
            throw ended();
        }
        return line;
    }

    /** Reads a line whose end is not there yet. */
    private Line awaitLine() throws IOException {
        byte @Nullable [] begun = at == end ? null : Arrays.copyOfRange(input, at, end);
        at = end;
        while (fillForCommand()) {
            int newline = find('\n');
            int upTo = newline < 0 ? end : newline;
            if (begun == null && newline >= 0) {
                at = newline + 1;
                return decode(input, 0, newline);
            }
            if (begun == null || begun.length <= MAX_LINE) {
                begun = join(begun, upTo - at);
            }
            at = newline < 0 ? end : newline + 1;
            if (newline >= 0) {
                return begun.length > MAX_LINE ? Line.TOO_LONG : decode(begun, 0, begun.length);
            }
        }
        return Line.END_OF_STREAM;
    }

    private byte[] join(byte @Nullable [] begun, int more) {
        int before = begun == null ? 0 : begun.length;
        byte[] joined = begun == null ? new byte[more] : Arrays.copyOf(begun, before + more);
        System.arraycopy(input, at, joined, before, more);
        return joined;
    }

    private int find(char wanted) {
        for (int i = at; i < end; i++) {
            if (input[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** @param lineFeed where the line feed stands or would stand */
    private static Line decode(byte[] octets, int begin, int lineFeed) {
        int length = lineFeed - 1 - begin;
        if (length < 0 || octets[lineFeed - 1] != '\r') {
            return Line.BAD;
        }
        if (length >= MAX_LINE) {
            return Line.TOO_LONG;
        }
        boolean ascii = true;
        for (int i = begin; i < begin + length; i++) {
            byte b = octets[i];
            if (b < 0) {
                ascii = false;
            } else if ((b < ' ' && b != '\t') || b == 0x7f) {
                return Line.BAD;
            }
        }
        return ascii
                ? new Line(LineKind.LINE, new String(octets, begin, length, StandardCharsets.ISO_8859_1))
                : decodeUtf8(ByteBuffer.wrap(octets, begin, length));
    }

    private static Line decodeUtf8(ByteBuffer octets) {
        try {
            return new Line(
                    LineKind.LINE,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(octets)
                            .toString());
        } catch (CharacterCodingException e) {
            return Line.BAD;
        }
    }

    /** Begins to watch that content comes fast enough, all chunks of a message together. */
    void beginContent() {
        if (contentBy == NO_CONTENT) {
            contentBy = lifetime.now() + timeout;
        }
    }

    /**
     * Waits for content.
     *
     * @return what is there, not yet taken; empty at the end of the stream
     * @throws SessionEndException if it comes too slowly
     */
    ByteBuffer content() throws IOException {
        if (at == end) {
            lifetime.awaitInputUntil(contentBy);
            boolean came = fill(input == commandBuffer ? contentBuffers.take() : input);
            lifetime.inputCame();
            if (!came) {
                return END;
            }
            // Waiting uses the time up, octets earn it back: so the rate holds on the average of the timeout.
            contentBy = Math.min(lifetime.now() + timeout, contentBy + end * nanosPerOctet);
        }
        return ByteBuffer.wrap(input, at, end - at);
    }

    /** Takes octets that {@link #content()} showed. */
    void take(int octets) {
        at += octets;
    }

    boolean hasBufferedInput() {
        return at < end;
    }

    private boolean fillForCommand() throws IOException {
        giveBackContentBuffer();
        return fill(commandBuffer);
    }

    private void giveBackContentBuffer() {
        if (input != commandBuffer) {
            contentBuffers.giveBack(input);
            input = commandBuffer;
            at = 0;
            end = 0;
        }
    }

    /** Waits for input in an empty buffer. False at the end of the stream. */
    private boolean fill(byte[] buffer) throws IOException {
        input = buffer;
        at = 0;
        end = 0;
        flush();
        try {
            end = Math.max(0, in.read(buffer));
        } catch (IOException e) {
            // A read that is woken ends like one that took too long.
            if (lifetime.lastWord() == null) {
                throw e;
            }
        }
        if (end == 0 && lifetime.lastWord() != null) {
            throw ended();
        }
        return end > 0;
    }

    private SessionEndException ended() {
        Reply reply = lifetime.lastWord();
        return new SessionEndException(reply == null ? Replies.IDLE : reply);
    }

    /** Says something, now or together with what follows. */
    void say(Reply reply) throws IOException {
        held.add(reply);
        if (held.length() > MAX_REPLIES_HELD) {
            flush();
        }
    }

    void flush() throws IOException {
        flush(writeTimeout);
    }

    private void flush(long nanos) throws IOException {
        if (held.length() > 0) {
            lifetime.mustBeDoneWithin(nanos);
            held.drainTo(out);
            lifetime.done();
        }
    }

    /**
     * Goes on over TLS, as the server.
     *
     * @return the protocol, for example {@code TLSv1.3}
     * @throws IOException if there is no handshake in time, or it fails
     */
    String startTls(SSLContext context) throws IOException {
        lifetime.mustBeDoneWithin(handshakeTimeout);
        SSLSocket layered = ServerTls.layer(plain, context);
        lifetime.done();
        socket = layered;
        in = layered.getInputStream();
        out = layered.getOutputStream();
        return layered.getSession().getProtocol();
    }

    /** The next octet, for what comes before the dialogue; -1 at the end of the stream. */
    int read() throws IOException {
        return at < end || fillForCommand() ? input[at++] & 0xff : -1;
    }

    /** Whether the client has sent something that was not read yet. */
    boolean hasInput() throws IOException {
        return at < end || in.available() > 0;
    }

    /** Sends what is held and closes; a client that does not read is not waited for. */
    void close() {
        try {
            flush(Lifetime.LAST_WORD_NANOS);
            if (socket != plain) {
                lifetime.mustBeDoneWithin(Lifetime.LAST_WORD_NANOS);
                socket.close();
            }
        } catch (IOException e) {
            // The client left first.
            return;
        } finally {
            lifetime.abort();
            giveBackContentBuffer();
        }
    }
}
