package org.understudy.smtp;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/** Brings a conversation from the connection to the point where MAIL may follow. Used once, by one thread. */
final class SessionOpener {

    // RFC 5321 section 3.2; a 550 is a refusal, and HELO would only go around it.
    private static final Set<Integer> EHLO_UNKNOWN = Set.of(500, 502);

    private final SmtpEndpoint endpoint;
    private final SmtpClientSettings settings;
    private final Conversation conversation;

    private Optional<Reply> greeting = Optional.empty();
    private Capabilities capabilities = Capabilities.NONE;
    private Capabilities inClear = Capabilities.NONE;
    private Optional<TlsDetails> tls = Optional.empty();
    private Optional<InetAddress> localAddress = Optional.empty();

    SessionOpener(SmtpEndpoint endpoint, SmtpClientSettings settings, Conversation conversation) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.conversation = conversation;
    }

    /** Empty if the session is ready. */
    Optional<SmtpFailure> open() {
        Optional<SmtpFailure> failure;
        try {
            conversation.connect(endpoint, settings.timeouts().connect());
            localAddress = Optional.of(conversation.localAddress());
            failure = greet();
            if (failure.isEmpty()) {
                failure = sayHello();
            }
            if (failure.isEmpty() && settings.tls() != TlsPolicy.NONE) {
                failure = secure();
            }
        } catch (SessionBrokenException e) {
            return Optional.of(e.failure());
        }
        if (failure.isPresent()) {
            // RFC 5321 section 3.1: after a 554 greeting, too, the client says QUIT.
            conversation.quit(settings.timeouts().quit());
        }
        return failure;
    }

    Optional<Reply> greeting() {
        return greeting;
    }

    Capabilities inClear() {
        return inClear;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    Optional<TlsDetails> tls() {
        return tls;
    }

    Optional<InetAddress> localAddress() {
        return localAddress;
    }

    private Optional<SmtpFailure> greet() throws SessionBrokenException {
        Reply reply =
                conversation.receive(SmtpStage.GREETING, settings.timeouts().greeting());
        greeting = Optional.of(reply);
        return check(SmtpStage.GREETING, reply);
    }

    private Optional<SmtpFailure> sayHello() throws SessionBrokenException {
        Reply reply = hello("EHLO");
        if (reply.isPositive()) {
            capabilities = Capabilities.of(reply);
            inClear = tls.isEmpty() ? capabilities : inClear;
            return Optional.empty();
        }
        boolean tryHelo = EHLO_UNKNOWN.contains(reply.code()) && !settings.tls().requiresTls() && tls.isEmpty();
        return tryHelo ? check(SmtpStage.EHLO, hello("HELO")) : check(SmtpStage.EHLO, reply);
    }

    private Reply hello(String verb) throws SessionBrokenException {
        return conversation.exchange(
                SmtpStage.EHLO,
                verb + " " + settings.ehloName(),
                settings.timeouts().ehlo());
    }

    private Optional<SmtpFailure> secure() throws SessionBrokenException {
        if (!capabilities.offers("STARTTLS")) {
            return settings.tls().requiresTls()
                    ? Optional.of(SmtpFailure.of(SmtpStage.STARTTLS, SmtpFailure.Kind.TLS, "STARTTLS is not offered"))
                    : Optional.empty();
        }
        Reply reply = conversation.exchange(
                SmtpStage.STARTTLS, "STARTTLS", settings.timeouts().ehlo());
        if (!reply.isPositive()) {
            return Optional.of(SmtpFailure.of(SmtpStage.STARTTLS, SmtpFailure.Kind.TLS, "STARTTLS refused")
                    .withReply(reply));
        }
        TlsDetails details = conversation.startTls(
                settings.trust().name().orElse(endpoint.host()),
                settings.timeouts().tls());
        tls = Optional.of(details);
        Optional<SmtpFailure> untrusted = verify(details);
        if (untrusted.isPresent()) {
            return untrusted;
        }
        // RFC 3207 section 4.2: what was learned before TLS is forgotten.
        capabilities = Capabilities.NONE;
        return sayHello();
    }

    /** Before anything is said under TLS. The handshake has proved that the server has the key of its certificate. */
    private Optional<SmtpFailure> verify(TlsDetails details) {
        return settings.tls() == TlsPolicy.VERIFIED
                ? settings.trust()
                        .objection(endpoint.host(), details.chain())
                        .map(why -> SmtpFailure.of(SmtpStage.STARTTLS, SmtpFailure.Kind.TLS, why))
                : Optional.empty();
    }

    private Optional<SmtpFailure> check(SmtpStage stage, Reply reply) throws SessionBrokenException {
        if (reply.isIntermediate()) {
            throw conversation.protocol(stage, "unexpected reply: " + reply);
        }
        return reply.isPositive() ? Optional.empty() : Optional.of(SmtpFailure.of(stage, reply));
    }
}
