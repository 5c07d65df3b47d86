package org.understudy.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Commands and replies over one connection, written to the transcript. Confined to one thread, except {@link #abort()}.
 *
 * <p>Whatever breaks the session closes the connection at once and comes as {@link SessionBrokenException}.
 */
final class Conversation {

    /** RFC 5321 section 3.8: the server is about to close. */
    static final int SERVICE_CLOSING = 421;

    /** For the rest of a reply whose beginning is already here. */
    private static final Duration UNASKED_REPLY = Duration.ofSeconds(5);

    private final Connection connection;
    private final ReplyReader reader;
    private final TranscriptRecorder transcript = new TranscriptRecorder();
    private boolean over;

    Conversation(Deadline deadline) {
        this.connection = new Connection(deadline);
        this.reader = new ReplyReader(connection.input());
    }

    void connect(SmtpEndpoint endpoint, Duration time) throws SessionBrokenException {
        long start = System.nanoTime();
        connection.begin(time);
        try {
            connection.connect(endpoint);
        } catch (IOException e) {
            throw broken(SmtpStage.CONNECT, e);
        } finally {
            transcript.spent(SmtpStage.CONNECT, start);
        }
        transcript.note("connected to " + endpoint);
    }

    TlsDetails startTls(String host, Duration time) throws SessionBrokenException {
        // What was sent in the clear must not be read as if it had been sent under TLS. RFC 3207 section 6
        if (hasUnread(SmtpStage.STARTTLS)) {
            throw protocol(SmtpStage.STARTTLS, "the server sent plaintext after its reply to STARTTLS");
        }
        long start = System.nanoTime();
        connection.begin(time);
        try {
            TlsDetails details = connection.startTls(host);
            transcript.note(details.protocol() + " " + details.cipherSuite());
            return details;
        } catch (IOException e) {
            SmtpFailure failure = connection.failure(SmtpStage.STARTTLS, e);
            boolean handshakeFailed =
                    failure.kind() == SmtpFailure.Kind.CLOSED || failure.kind() == SmtpFailure.Kind.PROTOCOL;
            throw broken(
                    handshakeFailed
                            ? SmtpFailure.of(SmtpStage.STARTTLS, SmtpFailure.Kind.TLS, failure.detail())
                            : failure);
        } finally {
            transcript.spent(SmtpStage.STARTTLS, start);
        }
    }

    /** Sends one command and reads its reply. */
    Reply exchange(SmtpStage stage, String command, Duration time) throws SessionBrokenException {
        start(stage, time);
        queue(stage, command);
        flush(stage);
        return receive(stage, time);
    }

    /**
     * Starts to send; what is queued until {@link #flush} goes out together.
     *
     * @throws SessionBrokenException also if the server sent a reply that nobody had asked for: from there on, replies could
     *     be taken for those to other commands, and mail be lost
     */
    void start(SmtpStage stage, Duration time) throws SessionBrokenException {
        if (over) {
            throw new SessionBrokenException(
                    SmtpFailure.of(stage, SmtpFailure.Kind.CLOSED, "the session is already over"));
        }
        requireInStep(stage);
        connection.begin(time);
    }

    /** @throws IllegalArgumentException if the command contains a control character, so that it would not be one command */
    void queue(SmtpStage stage, String command) throws SessionBrokenException {
        if (command.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("control character in an SMTP command");
        }
        transcript.client(command);
        byte[] octets = (command + "\r\n").getBytes(StandardCharsets.UTF_8);
        write(stage, octets, 0, octets.length);
    }

    void flush(SmtpStage stage) throws SessionBrokenException {
        long start = System.nanoTime();
        try {
            connection.flush();
        } catch (IOException e) {
            throw broken(stage, e);
        } finally {
            transcript.spent(stage, start);
        }
    }

    /** Reads the next reply, waiting no longer than the time. After a 421 the session is over. */
    Reply receive(SmtpStage stage, Duration time) throws SessionBrokenException {
        long start = System.nanoTime();
        connection.begin(time);
        try {
            Reply reply = reader.read();
            transcript.server(reply);
            over |= reply.code() == SERVICE_CLOSING;
            return reply;
        } catch (IOException e) {
            throw broken(stage, e);
        } catch (ReplyReader.MalformedReplyException e) {
            throw protocol(stage, IoFailures.describe(e));
        } finally {
            transcript.spent(stage, start);
        }
    }

    /** Breaks the session if the server has already answered more than it was asked, or said that it closes. */
    void requireInStep(SmtpStage stage) throws SessionBrokenException {
        if (!reader.hasBuffered()) {
            return;
        }
        Reply reply = receive(stage, UNASKED_REPLY);
        if (reply.code() == SERVICE_CLOSING) {
            throw broken(SmtpFailure.of(stage, reply));
        }
        throw protocol(stage, "a reply to no command: " + reply);
    }

    /** True if the server has sent something that was not read yet. Under TLS it may not be noticed. */
    boolean hasUnread(SmtpStage stage) throws SessionBrokenException {
        try {
            return reader.hasBuffered() || connection.hasUnread();
        } catch (IOException e) {
            throw broken(stage, e);
        }
    }

    /** Starts a write of content, to be over within the time. */
    void startBlock(Duration time) {
        connection.begin(time);
    }

    /** Octets to the buffer, and to the network as it fills. */
    void write(SmtpStage stage, byte[] octets, int from, int length) throws SessionBrokenException {
        try {
            connection.write(octets, from, length);
        } catch (IOException e) {
            throw broken(stage, e);
        }
    }

    InetAddress localAddress() {
        return connection.localAddress();
    }

    TranscriptRecorder transcript() {
        return transcript;
    }

    boolean isOver() {
        return over;
    }

    boolean isDeadlinePassed() {
        return connection.isDeadlinePassed();
    }

    SessionBrokenException protocol(SmtpStage stage, String detail) {
        return broken(SmtpFailure.of(stage, SmtpFailure.Kind.PROTOCOL, detail));
    }

    SessionBrokenException broken(SmtpFailure failure) {
        transcript.note(failure.toString());
        end();
        return new SessionBrokenException(failure);
    }

    private SessionBrokenException broken(SmtpStage stage, IOException e) {
        return broken(connection.failure(stage, e));
    }

    /** QUIT, unless the session is over, and close. Idempotent. */
    void quit(Duration time) {
        if (!over) {
            try {
                exchange(SmtpStage.QUIT, "QUIT", time);
                over = true;
            } catch (SessionBrokenException e) {
                // The failure stands in the transcript, and changes nothing for anybody.
                over = true;
            }
        }
        connection.close();
    }

    /** Closes without a word. */
    void end() {
        over = true;
        connection.abort();
    }

    /** Closes at once, from any thread. */
    void abort() {
        connection.abort();
    }
}
