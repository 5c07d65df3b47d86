package org.understudy.smtp;

import java.util.Optional;

/**
 * One STARTTLS with a server in a manner that no session has, for probes. Nothing is sent but NOOP and QUIT. Stateless.
 */
public final class StartTlsTrial {

    private StartTlsTrial() {}

    /** How STARTTLS is said. */
    public enum Manner {
        /** As sessions do. */
        USUAL,
        /** Without the server's name in the handshake (RFC 6066 section 3). */
        WITHOUT_NAME,
        /** With a NOOP in the same segment, which a server has to forget (RFC 3207 section 4.2). */
        WITH_COMMAND_BEHIND
    }

    /**
     * What came of it.
     *
     * @param offered whether STARTTLS was offered
     * @param failure what went wrong; empty if the handshake succeeded
     * @param tls the TLS layer, if the handshake succeeded
     * @param obeyed whether the command that was sent in the clear was answered under TLS
     * @param transcript all that was said
     */
    public record Outcome(
            boolean offered,
            Optional<SmtpFailure> failure,
            Optional<TlsDetails> tls,
            boolean obeyed,
            Transcript transcript) {}

    /** Tries once; the connection is closed when it returns. */
    public static Outcome run(SmtpEndpoint endpoint, SmtpClientSettings settings, Manner manner, Deadline deadline) {
        Conversation conversation = new Conversation(deadline);
        Trial trial = new Trial(conversation, settings.timeouts());
        Optional<SmtpFailure> failure;
        try {
            failure = trial.run(endpoint, settings.ehloName(), manner);
        } catch (SessionBrokenException e) {
            failure = Optional.of(e.failure());
        } finally {
            conversation.end();
        }
        return new Outcome(
                trial.offered,
                trial.tls.isPresent() ? Optional.empty() : failure,
                trial.tls,
                trial.obeyed,
                conversation.transcript().transcript());
    }

    /** Used once, by one thread. */
    private static final class Trial {
        private final Conversation conversation;
        private final SmtpTimeouts timeouts;
        private boolean offered;
        private Optional<TlsDetails> tls = Optional.empty();
        private boolean obeyed;

        Trial(Conversation conversation, SmtpTimeouts timeouts) {
            this.conversation = conversation;
            this.timeouts = timeouts;
        }

        Optional<SmtpFailure> run(SmtpEndpoint endpoint, String name, Manner manner) throws SessionBrokenException {
            conversation.connect(endpoint, timeouts.connect());
            Reply greeting = conversation.receive(SmtpStage.GREETING, timeouts.greeting());
            if (!greeting.isPositive()) {
                return Optional.of(SmtpFailure.of(SmtpStage.GREETING, greeting));
            }
            Reply hello = conversation.exchange(SmtpStage.EHLO, "EHLO " + name, timeouts.ehlo());
            if (!hello.isPositive()) {
                return Optional.of(SmtpFailure.of(SmtpStage.EHLO, hello));
            }
            offered = Capabilities.of(hello).offers("STARTTLS");
            if (!offered) {
                conversation.quit(timeouts.quit());
                return Optional.of(SmtpFailure.of(SmtpStage.STARTTLS, SmtpFailure.Kind.TLS, "STARTTLS is not offered"));
            }
            return secure(endpoint, manner);
        }

        private Optional<SmtpFailure> secure(SmtpEndpoint endpoint, Manner manner) throws SessionBrokenException {
            conversation.start(SmtpStage.STARTTLS, timeouts.ehlo());
            conversation.queue(SmtpStage.STARTTLS, "STARTTLS");
            if (manner == Manner.WITH_COMMAND_BEHIND) {
                conversation.queue(SmtpStage.STARTTLS, "NOOP");
            }
            conversation.flush(SmtpStage.STARTTLS);
            Reply reply = conversation.receive(SmtpStage.STARTTLS, timeouts.ehlo());
            if (!reply.isPositive()) {
                return Optional.of(SmtpFailure.of(SmtpStage.STARTTLS, reply));
            }
            // An address is no name that could be sent.
            String host = manner == Manner.WITHOUT_NAME ? endpoint.address().getHostAddress() : endpoint.host();
            tls = Optional.of(conversation.startTls(host, timeouts.tls()));
            if (manner == Manner.WITH_COMMAND_BEHIND) {
                // Who has forgotten the NOOP answers the QUIT first.
                Reply first = conversation.exchange(SmtpStage.QUIT, "QUIT", timeouts.quit());
                obeyed = first.code() == OK;
            } else {
                conversation.quit(timeouts.quit());
            }
            return Optional.empty();
        }
    }

    private static final int OK = 250;
}
