package org.understudy.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/**
 * The socket of a session, with every call bounded by the current step and by the deadline of the session.
 *
 * <p>Confined to one thread, except {@link #abort()}. Reads are bounded by SO_TIMEOUT; what SO_TIMEOUT does not bound
 * (writes, a handshake, the rest of a TLS record that comes drop by drop) by the {@link Watchdog}, which closes the socket.
 */
final class Connection {

    private static final int BUFFER_OCTETS = 32 * 1024;
    private static final Duration MAX_CLOSE = Duration.ofSeconds(1);

    private final Deadline deadline;
    // Stays the lowest layer: closing it, unlike closing an SSLSocket, never waits for anybody.
    private final Socket plain = new Socket(Proxy.NO_PROXY);
    private final InputStream input = new StepInput();
    private final byte[] buffer = new byte[BUFFER_OCTETS];
    private int buffered;

    private Socket socket = plain;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private Deadline step;
    private volatile boolean expired;
    private volatile boolean aborted;

    Connection(Deadline deadline) {
        this.deadline = deadline;
        this.step = deadline;
    }

    /** Starts the time of a step, within which all calls until the next step must be over. */
    void begin(Duration time) {
        step = Deadline.after(deadline.cap(time));
    }

    void connect(SmtpEndpoint endpoint) throws IOException {
        plain.setTcpNoDelay(true);
        plain.connect(new InetSocketAddress(endpoint.address(), endpoint.port()), millisLeft());
        in = plain.getInputStream();
        out = plain.getOutputStream();
    }

    /** Puts TLS on top, with {@code host} as SNI if it is a name. */
    TlsDetails startTls(String host) throws IOException {
        SSLSocket secure = TlsLayer.over(plain, host);
        secure.setSoTimeout(millisLeft());
        Watchdog.watch(step.remaining(), this::expire, () -> {
            secure.startHandshake();
            return secure;
        });
        socket = secure;
        in = secure.getInputStream();
        out = secure.getOutputStream();
        return TlsLayer.details(secure);
    }

    /** What the peer sends; each read is bounded by what is left of the step. */
    InputStream input() {
        return input;
    }

    InetAddress localAddress() {
        return plain.getLocalAddress();
    }

    /** True if the peer has sent octets that nobody has read. */
    boolean hasUnread() throws IOException {
        return in.available() > 0;
    }

    /** Adds to the buffer, and sends as much as does not fit. */
    void write(byte[] octets, int from, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int fits = Math.min(length - done, buffer.length - buffered);
            System.arraycopy(octets, from + done, buffer, buffered, fits);
            buffered += fits;
            done += fits;
            if (buffered == buffer.length) {
                flush();
            }
        }
    }

    /** Hands the buffer to the network. */
    void flush() throws IOException {
        if (buffered == 0) {
            return;
        }
        millisLeft();
        Watchdog.watch(step.remaining(), this::expire, () -> {
            out.write(buffer, 0, buffered);
            out.flush();
            return out;
        });
        buffered = 0;
    }

    boolean isDeadlinePassed() {
        return deadline.isPassed();
    }

    /** Says what an error of one of the calls above means. */
    SmtpFailure failure(SmtpStage stage, IOException e) {
        if (aborted) {
            return SmtpFailure.of(stage, SmtpFailure.Kind.IO, "aborted by us");
        }
        if (expired || e instanceof SocketTimeoutException) {
            return deadline.isPassed()
                    ? SmtpFailure.of(stage, SmtpFailure.Kind.DEADLINE, "the time for the whole session is over")
                    : SmtpFailure.of(stage, SmtpFailure.Kind.TIMEOUT, "no answer in time");
        }
        return SmtpFailure.of(stage, IoFailures.kindOf(stage, e), IoFailures.describe(e));
    }

    /** Closes at once, from any thread. */
    void abort() {
        aborted = true;
        closePlain();
    }

    /** Closes in good order: TLS says so first (RFC 8446 section 6.1), but not for longer than a moment. */
    void close() {
        if (socket != plain) {
            try {
                Watchdog.watch(MAX_CLOSE, this::expire, () -> {
                    socket.close();
                    return socket;
                });
            } catch (IOException e) {
                // The peer went first; there is nobody left to be told.
                expired = true;
            }
        }
        closePlain();
    }

    private void expire() {
        expired = true;
        closePlain();
    }

    private void closePlain() {
        try {
            plain.close();
        } catch (IOException e) {
            // A socket that cannot be closed is closed for every purpose of ours.
            expired = true;
        }
    }

    private int millisLeft() throws SocketTimeoutException {
        Duration left = step.remaining();
        if (left.isZero()) {
            throw new SocketTimeoutException("time is over");
        }
        // Rounded up, so that the step is over when the timeout strikes; 0 would mean for ever.
        return (int) Math.min(Integer.MAX_VALUE, left.plusNanos(999_999).toMillis());
    }

    private final class StepInput extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] octets, int from, int length) throws IOException {
            socket.setSoTimeout(millisLeft());
            if (socket == plain) {
                return in.read(octets, from, length);
            }
            return Watchdog.watch(step.remaining(), Connection.this::expire, () -> in.read(octets, from, length));
        }
    }
}
