package org.understudy.smtp;

/**
 * A client's session with one server: open, one or more transactions, quit.
 *
 * <p>Confined to one thread, except {@link #abort()}. No method throws for what a server or a network does: that is in the
 * result. Every step is bounded by its own timeout and by the deadline of the session.
 */
public final class SmtpSession implements AutoCloseable {

    private final Transcript transcript = new Transcript(java.util.List.of(), java.util.Map.of());
    private final Capabilities capabilities = Capabilities.NONE;

    private SmtpSession() {}

    /**
     * Connects, reads the greeting, says EHLO and, as the policy asks, STARTTLS and EHLO again.
     *
     * @param deadline for the whole session, transactions included
     */
    public static SessionOpening open(SmtpEndpoint endpoint, SmtpClientSettings settings, Deadline deadline) {
        return new SessionOpening(
                java.util.Optional.empty(),
                java.util.Optional.of(SmtpFailure.of(
                        SmtpStage.CONNECT, SmtpFailure.Kind.IO, settings.ehloName() + deadline.isPassed() + endpoint)),
                java.util.Optional.empty(),
                Capabilities.NONE,
                java.util.Optional.empty(),
                new SmtpSession().transcript);
    }

    /** What the last EHLO offered. */
    public Capabilities capabilities() {
        return capabilities;
    }

    /**
     * Sends one message: MAIL, RCPT, DATA (pipelined where offered, RFC 2920), the content dot-stuffed, the final dot. Adds
     * SIZE where offered and leaves out parameters whose extension the server does not offer.
     */
    public TransactionResult send(Envelope envelope, MessageContent content, TransactionObserver observer) {
        observer.beforeFinalDot();
        return new TransactionResult(
                TransactionResult.Outcome.BROKEN_BEFORE_DOT,
                SmtpStage.MAIL,
                java.util.List.of(),
                java.util.Optional.empty(),
                java.util.Optional.of(SmtpFailure.of(SmtpStage.MAIL, SmtpFailure.Kind.IO, envelope + " " + content)),
                false);
    }

    /** MAIL without content to follow; for probes that end with {@link #reset()}. */
    public CommandResult mail(ReversePath reversePath) {
        return new CommandResult(
                java.util.Optional.empty(),
                java.util.Optional.of(SmtpFailure.of(SmtpStage.MAIL, SmtpFailure.Kind.IO, "" + reversePath)));
    }

    /** RCPT after {@link #mail}. */
    public CommandResult rcpt(ForwardPath recipient) {
        return new CommandResult(
                java.util.Optional.empty(),
                java.util.Optional.of(SmtpFailure.of(SmtpStage.RCPT, SmtpFailure.Kind.IO, "" + recipient)));
    }

    /** RSET. */
    public CommandResult reset() {
        return new CommandResult(
                java.util.Optional.empty(),
                java.util.Optional.of(SmtpFailure.of(SmtpStage.RSET, SmtpFailure.Kind.IO, "")));
    }

    /** All that was said until now. */
    public Transcript transcript() {
        return transcript;
    }

    /** Closes the socket at once; may be called from any thread. A blocked call of the session's thread fails. */
    public void abort() {}

    /** QUIT, waiting only as long as its timeout for the 221, then closes (RFC 5321 section 4.1.1.10). */
    @Override
    public void close() {}
}
