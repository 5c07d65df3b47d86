package org.understudy.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.understudy.smtp.SmtpFailure.Kind;

/**
 * A client's session with one server: open, one or more transactions, quit.
 *
 * <p>Confined to one thread, except {@link #abort()}. No method throws for what a server or a network does: that is in the
 * result. Every step is bounded by its own timeout and by the deadline of the session.
 */
public final class SmtpSession implements AutoCloseable {
    private final SmtpEndpoint endpoint;
    private final SmtpClientSettings settings;
    private final Deadline deadline;
    private final TranscriptRecorder recorder;
    private final Wire wire;
    private Optional<Reply> greeting = Optional.empty();
    private Capabilities capabilities = Capabilities.NONE;
    private Optional<TlsDetails> tls = Optional.empty();
    private boolean usable = true;
    private boolean closed;

    private SmtpSession(
            SmtpEndpoint endpoint,
            SmtpClientSettings settings,
            Deadline deadline,
            TranscriptRecorder recorder,
            Wire wire) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.deadline = deadline;
        this.recorder = recorder;
        this.wire = wire;
    }

    /**
     * Connects, reads the greeting, says EHLO and, as the policy asks, STARTTLS and EHLO again.
     *
     * @param deadline for the whole session, transactions included
     */
    public static SessionOpening open(SmtpEndpoint endpoint, SmtpClientSettings settings, Deadline deadline) {
        TranscriptRecorder recorder = new TranscriptRecorder();
        SmtpSession session;
        try {
            Wire wire = Wire.connect(endpoint, settings.timeouts().connect(), deadline, recorder);
            session = new SmtpSession(endpoint, settings, deadline, recorder, wire);
        } catch (BrokenSessionException e) {
            recorder.note(e.failure().detail());
            return new SessionOpening(
                    Optional.empty(),
                    Optional.of(e.failure()),
                    Optional.empty(),
                    Capabilities.NONE,
                    Optional.empty(),
                    recorder.transcript());
        }
        try {
            session.begin();
            return session.opening(Optional.empty());
        } catch (BrokenSessionException e) {
            recorder.note(e.failure().detail());
            // A server that still talks is told goodbye (RFC 5321 section 4.1.1.10).
            session.usable = e.failure().kind() == Kind.REPLY;
            session.close();
            return session.opening(Optional.of(e.failure()));
        }
    }

    private SessionOpening opening(Optional<SmtpFailure> failure) {
        return new SessionOpening(
                failure.isPresent() ? Optional.empty() : Optional.of(this),
                failure,
                greeting,
                capabilities,
                tls,
                recorder.transcript());
    }

    private void begin() throws BrokenSessionException {
        Reply first = wire.reply(SmtpStage.GREETING, settings.timeouts().greeting());
        greeting = Optional.of(first);
        require(SmtpStage.GREETING, first);
        ehlo();
        if (settings.tls() == TlsPolicy.NONE) {
            return;
        }
        if (capabilities.offers("STARTTLS")) {
            startTls();
            ehlo();
        } else if (settings.tls() == TlsPolicy.REQUIRED) {
            throw new BrokenSessionException(
                    SmtpFailure.of(SmtpStage.STARTTLS, Kind.TLS, "the server does not offer STARTTLS"));
        }
    }

    private void ehlo() throws BrokenSessionException {
        Reply reply = command(
                SmtpStage.EHLO,
                "EHLO " + settings.ehloName(),
                settings.timeouts().ehlo());
        if (reply.code() == 500 || reply.code() == 502) {
            // RFC 5321 section 3.2: a server that knows no EHLO is greeted with HELO.
            require(
                    SmtpStage.EHLO,
                    command(
                            SmtpStage.EHLO,
                            "HELO " + settings.ehloName(),
                            settings.timeouts().ehlo()));
            capabilities = Capabilities.NONE;
            return;
        }
        require(SmtpStage.EHLO, reply);
        Map<String, String> extensions = new HashMap<>();
        for (String line : reply.lines().subList(1, reply.lines().size())) {
            String[] parts = line.strip().split("[ =]", 2);
            extensions.put(parts[0].toUpperCase(Locale.ROOT), parts.length > 1 ? parts[1].strip() : "");
        }
        capabilities = new Capabilities(extensions);
    }

    private void startTls() throws BrokenSessionException {
        Reply reply =
                command(SmtpStage.STARTTLS, "STARTTLS", settings.timeouts().ehlo());
        if (!reply.isPositive()) {
            throw new BrokenSessionException(
                    new SmtpFailure(SmtpStage.STARTTLS, Kind.TLS, Optional.of(reply), reply.toString()));
        }
        if (wire.hasBufferedInput()) {
            // Words sent in plaintext would be taken for words said under TLS.
            throw new BrokenSessionException(SmtpFailure.of(
                    SmtpStage.STARTTLS, Kind.PROTOCOL, "plaintext after the reply to STARTTLS, before the handshake"));
        }
        long begun = System.nanoTime();
        try {
            SSLSocket layered = TlsLayer.layer(
                    wire.socket(), endpoint, deadline.cap(settings.timeouts().tls()));
            wire.replaceSocket(layered);
            TlsDetails details = TlsLayer.details(layered);
            tls = Optional.of(details);
            recorder.note("TLS " + details.protocol() + " " + details.cipherSuite());
        } catch (IOException e) {
            throw new BrokenSessionException(
                    SmtpFailure.of(SmtpStage.STARTTLS, Kind.TLS, "the TLS handshake failed: " + e.getMessage()));
        } finally {
            recorder.spent(SmtpStage.STARTTLS, begun);
        }
    }

    /** What the last EHLO offered. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /**
     * Sends one message: MAIL, RCPT, DATA (pipelined where offered, RFC 2920), the content dot-stuffed, the final dot. Adds
     * SIZE where offered and leaves out parameters whose extension the server does not offer. A message that needs SMTPUTF8
     * at a server without it is refused here, with a failure at MAIL and no reply (RFC 6531 section 3.2).
     */
    public TransactionResult send(Envelope envelope, MessageContent content, TransactionObserver observer) {
        if (!usable) {
            throw new IllegalStateException("the session with " + endpoint + " is over");
        }
        Transaction transaction =
                new Transaction(wire, capabilities, settings.timeouts(), recorder, envelope, content, observer);
        TransactionResult result = transaction.run();
        usable = result.sessionUsable();
        if (!usable) {
            wire.abort();
        }
        return result;
    }

    /** MAIL without content to follow; for probes that end with {@link #reset()}. */
    public CommandResult mail(ReversePath reversePath) {
        return single(
                SmtpStage.MAIL, "MAIL FROM:" + reversePath, settings.timeouts().mail());
    }

    /** RCPT after {@link #mail}. */
    public CommandResult rcpt(ForwardPath recipient) {
        return single(
                SmtpStage.RCPT, "RCPT TO:" + recipient, settings.timeouts().rcpt());
    }

    /** RSET. */
    public CommandResult reset() {
        return single(SmtpStage.RSET, "RSET", settings.timeouts().quit());
    }

    private CommandResult single(SmtpStage stage, String line, Duration timeout) {
        try {
            Reply reply = command(stage, line, timeout);
            if (reply.code() == 421) {
                usable = false;
            }
            return new CommandResult(Optional.of(reply), Optional.empty());
        } catch (BrokenSessionException e) {
            usable = false;
            wire.abort();
            return new CommandResult(Optional.empty(), Optional.of(e.failure()));
        }
    }

    private Reply command(SmtpStage stage, String line, Duration timeout) throws BrokenSessionException {
        wire.command(stage, line, timeout);
        wire.flush(stage, timeout);
        return wire.reply(stage, timeout);
    }

    private static void require(SmtpStage stage, Reply reply) throws BrokenSessionException {
        if (!reply.isPositive()) {
            throw new BrokenSessionException(SmtpFailure.of(stage, reply));
        }
    }

    /** All that was said until now. */
    public Transcript transcript() {
        return recorder.transcript();
    }

    /** Closes the socket at once; may be called from any thread. A blocked call of the session's thread fails. */
    public void abort() {
        wire.abort();
    }

    /** QUIT, waiting only as long as its timeout for the 221, then closes (RFC 5321 section 4.1.1.10). */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (usable) {
            try {
                command(SmtpStage.QUIT, "QUIT", settings.timeouts().quit());
            } catch (BrokenSessionException e) {
                recorder.note(e.failure().detail());
            }
        }
        usable = false;
        wire.abort();
    }

    /** Recipients without replies, for a transaction that ended before RCPT. */
    static List<RecipientReply> unanswered(Envelope envelope) {
        List<RecipientReply> replies = new ArrayList<>();
        envelope.recipients().forEach(r -> replies.add(new RecipientReply(r, Optional.empty())));
        return replies;
    }
}
