package org.understudy.smtp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A client's session with one server: open, one or more transactions, quit.
 *
 * <p>Confined to one thread, except {@link #abort()}. No method throws for what a server or a network does: that is in the
 * result. Every step is bounded by its own timeout and by the deadline of the session.
 *
 * <p>Whatever breaks the session closes the connection at once; what is asked of it then fails with
 * {@link SmtpFailure.Kind#CLOSED}. The same is true after a 421. {@link #close()} is needed in any case.
 */
public final class SmtpSession implements AutoCloseable {

    private final Conversation conversation;
    private final SmtpClientSettings settings;
    private final SmtpTimeouts timeouts;
    private Capabilities capabilities;
    /** Of these, what transactions make use of. */
    private Capabilities used;

    private Optional<ClientIdentity> client = Optional.empty();
    /** What the observer of the last transaction named as the next one. */
    private Optional<EnvelopeExchange> ahead = Optional.empty();

    private SmtpSession(Conversation conversation, SmtpClientSettings settings, Capabilities capabilities) {
        this.conversation = conversation;
        this.settings = settings;
        this.timeouts = settings.timeouts();
        this.capabilities = capabilities;
        this.used = usable(capabilities);
    }

    private Capabilities usable(Capabilities offered) {
        return settings.pipelining() ? offered : offered.without("PIPELINING");
    }

    /**
     * Connects, reads the greeting, says EHLO and, as the policy asks, STARTTLS and EHLO again. HELO is tried only where EHLO
     * is not known and the policy does not require TLS.
     *
     * <p>If it fails, the connection is closed already, after QUIT where the server still listens.
     *
     * @param deadline for the whole session, transactions included
     * @throws IllegalArgumentException if the EHLO name contains a control character
     */
    public static SessionOpening open(SmtpEndpoint endpoint, SmtpClientSettings settings, Deadline deadline) {
        Conversation conversation = new Conversation(deadline);
        SessionOpener opener = new SessionOpener(endpoint, settings, conversation);
        Optional<SmtpFailure> failure;
        try {
            failure = opener.open();
        } catch (RuntimeException | Error e) {
            conversation.end();
            throw e;
        }
        Optional<SmtpSession> session = failure.isPresent()
                ? Optional.empty()
                : Optional.of(new SmtpSession(conversation, settings, opener.capabilities()));
        return new SessionOpening(
                session,
                failure,
                opener.greeting(),
                opener.inClear(),
                opener.capabilities(),
                opener.tls(),
                opener.localAddress(),
                conversation.transcript().transcript());
    }

    /** What the last EHLO offered. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /** Our end of the connection, as the server sees it unless somebody translates addresses in between. */
    public InetAddress localAddress() {
        return conversation.localAddress();
    }

    /** True if the server lets us name the client of a message now. Many do so only as long as none was named. */
    public boolean takesClient() {
        return Introduction.isPossible(capabilities);
    }

    /** For whom the session speaks; empty if for ourselves. */
    public Optional<ClientIdentity> client() {
        return client;
    }

    /**
     * Names the client of the messages to come: XCLIENT with the attributes that are offered, and EHLO in the client's words.
     * The capabilities are those of the new reply.
     *
     * @return empty if the server takes us for the client from now on. Otherwise the session is closed, because nobody knows for
     *     whom it was taken: {@link SmtpFailure.Kind#REPLY} if the server refused
     */
    public Optional<SmtpFailure> speakFor(ClientIdentity named) {
        dropAhead();
        Introduction introduction = new Introduction(conversation, timeouts, settings.ehloName(), named);
        Optional<SmtpFailure> failure = introduction.make(capabilities);
        if (failure.isPresent()) {
            conversation.quit(timeouts.quit());
        } else {
            capabilities = introduction.capabilities();
            used = usable(capabilities);
            client = Optional.of(named);
        }
        return failure;
    }

    /**
     * Sends one message: MAIL, RCPT, DATA (pipelined where offered, RFC 2920), the content dot-stuffed, the final dot. Adds
     * SIZE where offered and leaves out parameters whose extension the server does not offer. An envelope that needs SMTPUTF8
     * where it is not offered is refused here, with {@link SmtpFailure.Kind#UNSUPPORTED}, and nothing is sent.
     *
     * <p>The octets of the content are not changed; CRLF is added at the end if it is missing. Content with a CR or LF that
     * stands alone, or with fewer or more octets than its size says, cannot be sent: the connection is closed before the
     * final dot, and the failure is {@link SmtpFailure.Kind#CONTENT}. Content is streamed in blocks, whatever its size.
     *
     * <p>After a refusal in the middle of a transaction RSET has already been sent.
     *
     * @throws IllegalArgumentException if the envelope contains a control character, which no parsed one does
     */
    public TransactionResult send(Envelope envelope, MessageContent content, TransactionObserver observer) {
        EnvelopeExchange exchange = exchange(envelope, content.size());
        Transaction transaction = new Transaction(conversation, timeouts, used, exchange, envelope, content, observer);
        TransactionResult result = transaction.run();
        ahead = transaction.ahead();
        return result;
    }

    private EnvelopeExchange exchange(Envelope envelope, long size) {
        Optional<EnvelopeExchange> named = ahead.filter(exchange -> exchange.isFor(envelope));
        if (named.isEmpty()) {
            dropAhead();
        }
        ahead = Optional.empty();
        return named.orElseGet(() -> new EnvelopeExchange(conversation, timeouts, used, envelope, size));
    }

    /** The server waits for the content of a message that does not come: it forgets about it when the connection closes. */
    private void dropAhead() {
        if (ahead.isPresent()) {
            ahead = Optional.empty();
            conversation.end();
        }
    }

    /** MAIL without content to follow; for probes that end with {@link #reset()}. */
    public CommandResult mail(ReversePath reversePath) {
        return command(SmtpStage.MAIL, "MAIL FROM:" + reversePath, timeouts.mail());
    }

    /** RCPT after {@link #mail}. */
    public CommandResult rcpt(ForwardPath recipient) {
        return command(SmtpStage.RCPT, "RCPT TO:" + recipient, timeouts.rcpt());
    }

    /**
     * Any command that is answered by one reply and begins no content, in the words of the caller; for probes that ask what
     * nobody else would say. The capabilities stay those of the opening, also after EHLO.
     *
     * @throws IllegalArgumentException if the command contains a control character
     */
    public CommandResult ask(String command) {
        return command(stage(command), command, timeouts.rcpt());
    }

    private static SmtpStage stage(String command) {
        return switch (command.split(" ", 2)[0]) {
            case "EHLO", "HELO" -> SmtpStage.EHLO;
            case "MAIL" -> SmtpStage.MAIL;
            case "RCPT" -> SmtpStage.RCPT;
            case "RSET" -> SmtpStage.RSET;
            default -> SmtpStage.QUESTION;
        };
    }

    /**
     * Begins the content of a message and never ends it: DATA, and these octets as they are, which must not contain the end (RFC
     * 5321 section 4.1.1.4). Then waits whether the server takes some of them for the end all the same, and closes the connection,
     * so that a server that reads content as it should keeps nothing.
     *
     * @return a reply if there was one; otherwise the failure is {@link SmtpFailure.Kind#TIMEOUT}, which is how it should be, or
     *     says why it never came to that
     */
    public CommandResult leaveUnfinished(byte[] content, Duration patience) {
        CommandResult data = command(SmtpStage.DATA, "DATA", timeouts.dataCommand());
        if (data.reply().filter(Reply::isIntermediate).isEmpty()) {
            return data;
        }
        try {
            conversation.startBlock(timeouts.dataBlock());
            conversation.write(SmtpStage.CONTENT, content, 0, content.length);
            conversation.flush(SmtpStage.CONTENT);
            Reply reply = conversation.receive(SmtpStage.CONTENT, patience);
            return new CommandResult(Optional.of(reply), Optional.empty());
        } catch (SessionBrokenException e) {
            return new CommandResult(Optional.empty(), Optional.of(e.failure()));
        } finally {
            conversation.end();
        }
    }

    /** RSET. */
    public CommandResult reset() {
        return command(SmtpStage.RSET, "RSET", timeouts.quit());
    }

    /** All that was said until now. */
    public Transcript transcript() {
        return conversation.transcript().transcript();
    }

    /** Closes the socket at once; may be called from any thread. A blocked call of the session's thread fails. */
    public void abort() {
        conversation.abort();
    }

    /** QUIT, waiting only as long as its timeout for the 221, then closes (RFC 5321 section 4.1.1.10). Idempotent. */
    @Override
    public void close() {
        dropAhead();
        conversation.quit(timeouts.quit());
    }

    private CommandResult command(SmtpStage stage, String command, Duration time) {
        dropAhead();
        try {
            return new CommandResult(Optional.of(conversation.exchange(stage, command, time)), Optional.empty());
        } catch (SessionBrokenException e) {
            return new CommandResult(Optional.empty(), Optional.of(e.failure()));
        }
    }
}
