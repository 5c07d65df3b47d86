package org.understudy.smtp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.understudy.smtp.SmtpFailure.Kind;

/**
 * The octets of a session: one socket, buffered both ways, every step bounded in time and size. Confined to the session's
 * thread, except {@link #abort()}.
 */
final class Wire {
    private static final int BUFFER = 32 * 1024;
    /** RFC 5321 section 4.5.3.1.5 says 512; servers say more. */
    private static final int MAX_REPLY_LINE = 2048;

    private static final int MAX_REPLY_LINES = 100;
    private static final ScheduledThreadPoolExecutor WATCHDOG = watchdog();

    private final SmtpEndpoint endpoint;
    private final Deadline deadline;
    private final TranscriptRecorder recorder;
    private volatile Socket socket;
    private InputStream in;
    private OutputStream out;
    private final byte[] input = new byte[BUFFER];
    private int inputAt;
    private int inputEnd;
    private final byte[] output = new byte[BUFFER];
    private int outputEnd;

    private Wire(SmtpEndpoint endpoint, Socket socket, Deadline deadline, TranscriptRecorder recorder)
            throws IOException {
        this.endpoint = endpoint;
        this.socket = socket;
        this.deadline = deadline;
        this.recorder = recorder;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static Wire connect(SmtpEndpoint endpoint, Duration timeout, Deadline deadline, TranscriptRecorder recorder)
            throws BrokenSessionException {
        long begun = System.nanoTime();
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(endpoint.address(), endpoint.port()), millis(deadline.cap(timeout)));
            recorder.note("connected to " + endpoint);
            return new Wire(endpoint, socket, deadline, recorder);
        } catch (IOException e) {
            closeQuietly(socket);
            throw broken(SmtpStage.CONNECT, e, timeout, deadline);
        } finally {
            recorder.spent(SmtpStage.CONNECT, begun);
        }
    }

    /** The socket below, for a TLS layer on top of it. */
    Socket socket() {
        return socket;
    }

    /** Goes on over another socket; what was buffered must have been used up. */
    void replaceSocket(Socket layered) throws IOException {
        socket = layered;
        in = layered.getInputStream();
        out = layered.getOutputStream();
    }

    boolean hasBufferedInput() {
        return inputAt < inputEnd;
    }

    /** Queues a command line. */
    void command(SmtpStage stage, String line, Duration timeout) throws BrokenSessionException {
        recorder.client(line);
        byte[] octets = (line + "\r\n").getBytes(StandardCharsets.UTF_8);
        write(stage, octets, 0, octets.length, timeout);
    }

    void write(SmtpStage stage, byte[] octets, int offset, int length, Duration timeout) throws BrokenSessionException {
        int from = offset;
        int left = length;
        while (left > 0) {
            int n = Math.min(left, output.length - outputEnd);
            System.arraycopy(octets, from, output, outputEnd, n);
            outputEnd += n;
            from += n;
            left -= n;
            if (outputEnd == output.length) {
                flush(stage, timeout);
            }
        }
    }

    /** Hands everything queued to the network. A peer that does not read ends the session when the time is over. */
    void flush(SmtpStage stage, Duration timeout) throws BrokenSessionException {
        if (outputEnd == 0) {
            return;
        }
        Duration limit = deadline.cap(timeout);
        ScheduledFuture<?> guard = WATCHDOG.schedule(this::abort, millis(limit), TimeUnit.MILLISECONDS);
        try {
            out.write(output, 0, outputEnd);
            out.flush();
            outputEnd = 0;
        } catch (IOException e) {
            if (guard.isDone()) {
                throw timedOut(stage, timeout, deadline);
            }
            throw broken(stage, e, timeout, deadline);
        } finally {
            guard.cancel(false);
        }
    }

    /**
     * Reads one reply.
     *
     * @throws BrokenSessionException if there is none in time, or what comes is no reply
     */
    Reply reply(SmtpStage stage, Duration timeout) throws BrokenSessionException {
        long begun = System.nanoTime();
        try {
            int code = 0;
            List<String> lines = new ArrayList<>(1);
            while (lines.size() < MAX_REPLY_LINES) {
                String line = line(stage, timeout);
                recorder.server(line);
                int lineCode = code(line);
                if (lineCode < 0 || (code != 0 && lineCode != code)) {
                    throw new BrokenSessionException(
                            SmtpFailure.of(stage, Kind.PROTOCOL, "not an SMTP reply: " + abbreviate(line)));
                }
                code = lineCode;
                lines.add(line.length() > 4 ? line.substring(4) : "");
                if (line.length() < 4 || line.charAt(3) == ' ') {
                    return new Reply(code, lines);
                }
            }
            throw new BrokenSessionException(
                    SmtpFailure.of(stage, Kind.PROTOCOL, "a reply of more than " + MAX_REPLY_LINES + " lines"));
        } finally {
            recorder.spent(stage, begun);
        }
    }

    /** The code of a reply line, or -1. RFC 5321 section 4.2 */
    private static int code(String line) {
        if (line.length() < 3 || (line.length() > 3 && line.charAt(3) != ' ' && line.charAt(3) != '-')) {
            return -1;
        }
        for (int i = 0; i < 3; i++) {
            if (line.charAt(i) < '0' || line.charAt(i) > '9') {
                return -1;
            }
        }
        int code = Integer.parseInt(line.substring(0, 3));
        return code >= 200 && code <= 599 ? code : -1;
    }

    private String line(SmtpStage stage, Duration timeout) throws BrokenSessionException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        while (true) {
            while (inputAt < inputEnd) {
                byte b = input[inputAt++];
                if (b == '\n') {
                    String text = line.toString(StandardCharsets.UTF_8);
                    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
                }
                line.write(b);
                if (line.size() > MAX_REPLY_LINE) {
                    throw new BrokenSessionException(SmtpFailure.of(
                            stage, Kind.PROTOCOL, "a reply line of more than " + MAX_REPLY_LINE + " octets"));
                }
            }
            fill(stage, timeout);
        }
    }

    private void fill(SmtpStage stage, Duration timeout) throws BrokenSessionException {
        Duration limit = deadline.cap(timeout);
        if (limit.isZero()) {
            throw timedOut(stage, timeout, deadline);
        }
        try {
            socket.setSoTimeout(millis(limit));
            int n = in.read(input);
            if (n < 0) {
                throw new EOFException();
            }
            inputAt = 0;
            inputEnd = n;
        } catch (IOException e) {
            throw broken(stage, e, timeout, deadline);
        }
    }

    /** A step's timeout ran out, or, where that left less, the deadline did. */
    private static BrokenSessionException timedOut(SmtpStage stage, Duration timeout, Deadline deadline) {
        // A socket's clock and ours may disagree by a millisecond.
        boolean overall = deadline.remaining().compareTo(Duration.ofMillis(5)) < 0;
        return new BrokenSessionException(
                overall
                        ? SmtpFailure.of(stage, Kind.DEADLINE, "the time for the whole session was over")
                        : SmtpFailure.of(stage, Kind.TIMEOUT, "no progress for " + timeout.toMillis() / 1000.0 + " s"));
    }

    private static BrokenSessionException broken(SmtpStage stage, IOException e, Duration timeout, Deadline deadline) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof SocketTimeoutException) {
            return timedOut(stage, timeout, deadline);
        }
        if (e instanceof NoRouteToHostException || text.toLowerCase(Locale.ROOT).contains("unreachable")) {
            return new BrokenSessionException(SmtpFailure.of(stage, Kind.UNREACHABLE, text));
        }
        if (e instanceof ConnectException) {
            boolean timedOut = text.toLowerCase(Locale.ROOT).contains("timed out");
            return new BrokenSessionException(SmtpFailure.of(
                    stage, timedOut ? Kind.TIMEOUT : Kind.REFUSED, timedOut ? "timed out" : "connection refused"));
        }
        if (e instanceof EOFException) {
            return new BrokenSessionException(SmtpFailure.of(stage, Kind.CLOSED, "the server closed the connection"));
        }
        if (e instanceof SSLException) {
            return new BrokenSessionException(SmtpFailure.of(stage, Kind.TLS, text));
        }
        if (e instanceof SocketException) {
            return new BrokenSessionException(SmtpFailure.of(stage, Kind.CLOSED, text));
        }
        return new BrokenSessionException(SmtpFailure.of(stage, Kind.IO, text));
    }

    /** Closes the socket at once. Any thread. */
    void abort() {
        closeQuietly(socket);
    }

    @Override
    public String toString() {
        return endpoint.toString();
    }

    static int millis(Duration d) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, d.toMillis()));
    }

    private static void closeQuietly(Socket socket) {
        try {
            // Without lingering, so that closing never waits for a peer that does not read.
            socket.setSoLinger(false, 0);
            socket.close();
        } catch (IOException e) {
            // Nothing more can be done with it.
            return;
        }
    }

    private static String abbreviate(String line) {
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }

    private static ScheduledThreadPoolExecutor watchdog() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "smtp-write-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }
}
