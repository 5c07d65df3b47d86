package org.understudy.spool.forwarding;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpStage;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.ForwardingSettings;
import org.understudy.spool.HopAddress;
import org.understudy.spool.NextHop;

/** Opens sessions with one next hop, trying each way to it, and each address there. Thread-safe. */
public final class Connector {
    /** A session is given up after this, however busy, so that a change of address or certificate is noticed. */
    static final Duration SESSION_LIFE = Duration.ofMinutes(60);

    private final NextHop nextHop;
    private final ForwardingSettings settings;
    private final Duration sessionLife;

    Connector(NextHop nextHop, ForwardingSettings settings) {
        this(nextHop, settings, SESSION_LIFE);
    }

    /**
     * For sessions that must not last.
     *
     * @param sessionLife after which a session ends, whatever goes on in it
     */
    public Connector(NextHop nextHop, ForwardingSettings settings, Duration sessionLife) {
        this.nextHop = nextHop;
        this.settings = settings;
        this.sessionLife = sessionLife;
    }

    /**
     * A session, or why there is none.
     *
     * @param refused true if the next hop is there and wants nothing of us, which waiting does not mend
     * @param absent true if nobody is there
     */
    public record Connection(Optional<SmtpSession> session, String trouble, boolean refused, boolean absent) {
        static Connection none(String trouble, boolean refused) {
            return new Connection(Optional.empty(), trouble, refused, false);
        }

        /** The same of one of several addresses. */
        Connection at(SmtpEndpoint endpoint) {
            return new Connection(session, endpoint + " " + trouble, refused, absent);
        }

        /** Of two addresses: what one said counts more than that nobody is at the other. */
        Connection or(Connection other) {
            boolean saysMore = (refused && !other.refused) || (other.absent && !absent);
            return saysMore ? this : other;
        }
    }

    /**
     * Opens a session, at the first address that has one. A further way is gone where there is nobody at those before: what a
     * next hop that is there says, it says for all of them.
     *
     * @param pipelining false if the host's replies got out of step with our commands
     */
    public Connection connect(boolean pipelining) {
        Connection connection = connect(new HopAddress(nextHop.host(), nextHop.port()), pipelining);
        for (HopAddress further : nextHop.further()) {
            if (connection.session().isPresent() || !connection.absent()) {
                return connection;
            }
            Connection other = connect(further, pipelining);
            connection = other.session().isPresent() ? other : connection.or(other);
        }
        return connection;
    }

    private Connection connect(HopAddress hop, boolean pipelining) {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(hop.host());
        } catch (UnknownHostException e) {
            return new Connection(Optional.empty(), "the name " + hop.host() + " does not resolve", false, true);
        }
        Optional<Connection> failed = Optional.empty();
        for (InetAddress address : addresses) {
            SmtpEndpoint endpoint = new SmtpEndpoint(hop.host(), address, hop.port());
            Connection connection = connect(endpoint, pipelining);
            if (connection.session().isPresent()) {
                return connection;
            }
            Connection failure = connection.at(endpoint);
            failed = Optional.of(failed.map(earlier -> earlier.or(failure)).orElse(failure));
        }
        return failed.orElseThrow();
    }

    /** How a server may quote us in that session. */
    List<Pattern> ourselves(SmtpSession session) {
        return List.of(
                ReplyRules.quoted(settings.ehloName().text()),
                ReplyRules.quoted(session.localAddress().getHostAddress()));
    }

    private Connection connect(SmtpEndpoint endpoint, boolean pipelining) {
        SessionOpening opening = open(endpoint, nextHop.tls(), pipelining);
        boolean tlsFailed =
                opening.failure().filter(f -> f.kind() == SmtpFailure.Kind.TLS).isPresent();
        if (tlsFailed && nextHop.tls() == TlsPolicy.OPPORTUNISTIC) {
            opening = open(endpoint, TlsPolicy.NONE, pipelining);
        }
        if (opening.greeting().filter(this::isOurselves).isPresent()) {
            opening.session().ifPresent(SmtpSession::close);
            return Connection.none("the next hop greets with our own name: mail would loop", true);
        }
        return new Connection(
                opening.session(),
                opening.failure().map(SmtpFailure::toString).orElse(""),
                opening.failure().filter(this::isRefusal).isPresent(),
                opening.failure().filter(f -> f.stage() == SmtpStage.CONNECT).isPresent());
    }

    private SessionOpening open(SmtpEndpoint endpoint, TlsPolicy tls, boolean pipelining) {
        return SmtpSession.open(
                endpoint,
                new SmtpClientSettings(
                        settings.ehloName().text(), tls, nextHop.trust(), settings.timeouts(), pipelining),
                Deadline.after(sessionLife));
    }

    private boolean isRefusal(SmtpFailure failure) {
        return switch (failure.kind()) {
            case REPLY -> failure.reply().filter(Reply::isPermanent).isPresent();
            // Without the TLS that is asked for, mail is held, not sent in the clear.
            case TLS -> nextHop.tls().requiresTls();
            default -> false;
        };
    }

    private boolean isOurselves(Reply greeting) {
        String first = greeting.lines().get(0).split(" ", 2)[0];
        return first.toLowerCase(Locale.ROOT).equals(settings.ehloName().text());
    }
}
