package org.understudy.spool.forwarding;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.NextHop;

/** Opens sessions with one next hop, trying each of its addresses. Thread-safe. */
final class Connector {
    /** A session is given up after this, however busy, so that a change of address or certificate is noticed. */
    static final Duration SESSION_LIFE = Duration.ofMinutes(60);

    private final NextHop nextHop;
    private final ForwardingSettings settings;

    Connector(NextHop nextHop, ForwardingSettings settings) {
        this.nextHop = nextHop;
        this.settings = settings;
    }

    /** A session, or why there is none. */
    record Connection(Optional<SmtpSession> session, String trouble) {}

    Connection connect() {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(nextHop.host());
        } catch (UnknownHostException e) {
            return new Connection(Optional.empty(), "the name " + nextHop.host() + " does not resolve");
        }
        String trouble = "no address";
        for (InetAddress address : addresses) {
            SmtpEndpoint endpoint = new SmtpEndpoint(nextHop.host(), address, nextHop.port());
            Connection connection = connect(endpoint);
            if (connection.session().isPresent()) {
                return connection;
            }
            trouble = endpoint + " " + connection.trouble();
        }
        return new Connection(Optional.empty(), trouble);
    }

    private Connection connect(SmtpEndpoint endpoint) {
        SessionOpening opening = open(endpoint, nextHop.tls());
        boolean tlsFailed =
                opening.failure().filter(f -> f.kind() == SmtpFailure.Kind.TLS).isPresent();
        if (tlsFailed && nextHop.tls() == TlsPolicy.OPPORTUNISTIC) {
            opening = open(endpoint, TlsPolicy.NONE);
        }
        if (opening.greeting().filter(this::isOurselves).isPresent()) {
            opening.session().ifPresent(SmtpSession::close);
            return new Connection(Optional.empty(), "the next hop greets with our own name: mail would loop");
        }
        return new Connection(
                opening.session(), opening.failure().map(SmtpFailure::toString).orElse(""));
    }

    private SessionOpening open(SmtpEndpoint endpoint, TlsPolicy tls) {
        return SmtpSession.open(
                endpoint,
                new SmtpClientSettings(settings.ehloName().text(), tls, settings.timeouts()),
                Deadline.after(SESSION_LIFE));
    }

    private boolean isOurselves(Reply greeting) {
        String first = greeting.lines().get(0).split(" ", 2)[0];
        return first.toLowerCase(Locale.ROOT).equals(settings.ehloName().text());
    }
}
