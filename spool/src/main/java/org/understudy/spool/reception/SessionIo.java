package org.understudy.spool.reception;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.understudy.smtp.Reply;

/**
 * The octets of a session. Replies are held back until the next read would block, so that a pipelined group is answered in one
 * segment (RFC 2920 section 3.2). Reads and writes are bounded in time. Confined to one thread, except
 * {@link #abort()} and what is said when a drain ends an idle session.
 */
final class SessionIo {
    private static final int BUFFER = 32 * 1024;
    /** RFC 5321 section 4.5.3.1.4 says 512, extensions add to it. */
    private static final int MAX_LINE = 2048;

    private static final int MAX_REPLIES_HELD = 16 * 1024;
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(60);
    /** Below this many octets a minute a sender of content is taken to stall on purpose. */
    private static final int LEAST_OCTETS_A_MINUTE = 6_000;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final ScheduledThreadPoolExecutor WATCHDOG = watchdog();

    private final Duration timeout;
    private volatile Socket socket;
    private InputStream in;
    private OutputStream out;
    private final byte[] input = new byte[BUFFER];
    private int at;
    private int end;
    private final StringBuilder held = new StringBuilder();
    private long windowBegan;
    private long windowOctets;

    SessionIo(Socket socket, Duration timeout) throws IOException {
        this.timeout = timeout;
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
    record Line(LineKind kind, String text) {}

    /**
     * Reads one command line.
     *
     * @throws SocketTimeoutException if it is not complete within the timeout, however many octets came
     */
    Line readLine() throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        byte[] line = new byte[MAX_LINE];
        int length = 0;
        boolean tooLong = false;
        while (true) {
            if (at == end && !fill(deadline - System.nanoTime())) {
                return new Line(LineKind.END_OF_STREAM, "");
            }
            byte b = input[at++];
            if (b == '\n') {
                return tooLong ? new Line(LineKind.TOO_LONG, "") : decode(line, length);
            }
            if (length == MAX_LINE) {
                tooLong = true;
            } else {
                line[length++] = b;
            }
        }
    }

    private static Line decode(byte[] line, int length) {
        if (length == 0 || line[length - 1] != '\r') {
            return new Line(LineKind.BAD, "");
        }
        for (int i = 0; i < length - 1; i++) {
            if ((line[i] >= 0 && line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f) {
                return new Line(LineKind.BAD, "");
            }
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(line, 0, length - 1))
                    .toString();
            return new Line(LineKind.LINE, text);
        } catch (CharacterCodingException e) {
            return new Line(LineKind.BAD, "");
        }
    }

    /** Begins to watch that content comes fast enough. */
    void beginContent() {
        windowBegan = System.nanoTime();
        windowOctets = 0;
    }

    /**
     * Waits for content.
     *
     * @return what is there, not yet taken; empty at the end of the stream
     */
    ByteBuffer content() throws IOException {
        if (at == end) {
            if (!fill(timeout.toNanos())) {
                return ByteBuffer.allocate(0);
            }
            windowOctets += end;
            long now = System.nanoTime();
            if (now - windowBegan > MINUTE) {
                if (windowOctets < LEAST_OCTETS_A_MINUTE) {
                    throw new SocketTimeoutException("content comes too slowly");
                }
                windowBegan = now;
                windowOctets = 0;
            }
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

    private boolean fill(long nanosLeft) throws IOException {
        flush();
        if (nanosLeft <= 0) {
            throw new SocketTimeoutException("too slow");
        }
        socket.setSoTimeout((int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft)));
        int n = in.read(input);
        at = 0;
        end = Math.max(0, n);
        return n > 0;
    }

    /** Says something, now or together with what follows. */
    synchronized void say(Reply reply) throws IOException {
        for (int i = 0; i < reply.lines().size(); i++) {
            held.append(reply.code())
                    .append(i == reply.lines().size() - 1 ? ' ' : '-')
                    .append(reply.lines().get(i))
                    .append("\r\n");
        }
        if (held.length() > MAX_REPLIES_HELD) {
            flush();
        }
    }

    synchronized void flush() throws IOException {
        if (held.length() == 0) {
            return;
        }
        byte[] octets = held.toString().getBytes(StandardCharsets.UTF_8);
        held.setLength(0);
        ScheduledFuture<?> guard = WATCHDOG.schedule(this::abort, WRITE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        try {
            out.write(octets);
            out.flush();
        } finally {
            guard.cancel(false);
        }
    }

    Socket socket() {
        return socket;
    }

    /** Goes on over TLS. */
    void replaceSocket(Socket layered) throws IOException {
        socket = layered;
        in = layered.getInputStream();
        out = layered.getOutputStream();
    }

    /** Closes the socket at once. Any thread. */
    void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone one way or the other.
            return;
        }
    }

    private static ScheduledThreadPoolExecutor watchdog() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "smtp-reply-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
