package org.understudy.probes.canary;

import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.understudy.probes.CanaryState;
import org.understudy.probes.canary.storage.Injected;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;

/** Hands a canary to the first address of an exchanger that answers. Thread-safe. */
final class Injector {
    private final SmtpClientSettings settings;
    private final Clock clock;

    Injector(SmtpClientSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** What came of it, with all that was said. */
    record Injection(Injected injected, String transcript) {}

    /** @param addresses at least one, in the order in which they are tried */
    Injection inject(CanaryMessage message, List<InetAddress> addresses, Deadline deadline) {
        StringBuilder transcript = new StringBuilder();
        String failure = "";
        for (InetAddress address : addresses) {
            SmtpEndpoint endpoint = new SmtpEndpoint(
                    message.path().exchanger().host().text(),
                    address,
                    message.path().exchanger().port());
            // A refused connection leaves no word of whose it was.
            transcript.append("-- trying ").append(endpoint).append(System.lineSeparator());
            SessionOpening opening = open(endpoint, transcript, deadline);
            if (opening.session().isPresent()) {
                return offer(opening.session().get(), message, address, transcript);
            }
            transcript.append(opening.transcript());
            failure =
                    endpoint + ": " + opening.failure().map(SmtpFailure::detail).orElse("");
        }
        return new Injection(
                new Injected(CanaryState.DEFERRED, "", false, "", "", Optional.empty(), failure),
                transcript.toString());
    }

    /** Where TLS fails though nobody asked for it, senders go on without. */
    private SessionOpening open(SmtpEndpoint endpoint, StringBuilder transcript, Deadline deadline) {
        SessionOpening opening = SmtpSession.open(endpoint, settings, deadline);
        boolean tlsFailed =
                opening.failure().filter(f -> f.kind() == SmtpFailure.Kind.TLS).isPresent();
        if (!tlsFailed || settings.tls() != TlsPolicy.OPPORTUNISTIC) {
            return opening;
        }
        transcript.append(opening.transcript());
        return SmtpSession.open(
                endpoint, new SmtpClientSettings(settings.ehloName(), TlsPolicy.NONE, settings.timeouts()), deadline);
    }

    private Injection offer(SmtpSession session, CanaryMessage message, InetAddress address, StringBuilder transcript) {
        try (session) {
            boolean eightBit = session.capabilities().offers("8BITMIME");
            TransactionResult result =
                    session.send(message.envelope(), message.content(eightBit), TransactionObserver.NONE);
            Injected injected = injected(result, address);
            session.close();
            return new Injection(
                    injected, transcript.append(session.transcript()).toString());
        }
    }

    private Injected injected(TransactionResult result, InetAddress address) {
        CanaryState state = state(result);
        boolean accepted = state == CanaryState.ACCEPTED;
        return new Injected(
                state,
                address.getHostAddress(),
                true,
                result.reply().map(Reply::toString).orElse(""),
                accepted ? result.reply().map(r -> QueueIds.in(r.text())).orElse("") : "",
                accepted ? Optional.of(clock.instant()) : Optional.empty(),
                result.failure().map(SmtpFailure::toString).orElse(""));
    }

    private static CanaryState state(TransactionResult result) {
        return switch (result.outcome()) {
            case ACCEPTED -> CanaryState.ACCEPTED;
            case AMBIGUOUS -> CanaryState.AMBIGUOUS;
            case BROKEN_BEFORE_DOT -> CanaryState.DEFERRED;
            // Refused by our own client, without a reply, is refused for good: it would say the same again.
            case REFUSED ->
                result.reply().map(Reply::isPermanent).orElse(true) ? CanaryState.REJECTED : CanaryState.DEFERRED;
        };
    }
}
