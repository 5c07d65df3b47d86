package org.understudy.agent.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.understudy.agent.AgentConfiguration;
import org.understudy.agent.config.CanarySection;
import org.understudy.agent.config.DomainSection;
import org.understudy.smtp.ClientIdentity;
import org.understudy.smtp.CommandResult;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.NextHop;

/** Asks primaries what they would do with what the spool will bring. Sends no message. Confined to one thread. */
final class PrimaryCheck {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    /** RFC 5737: nobody's, and not ours. */
    private static final byte[] SOMEBODY = {(byte) 198, 51, 100, 25};

    private static final String SOMEBODYS_NAME = "client.example";

    private final AgentConfiguration configuration;
    private final CommandOutput output;
    private boolean good = true;

    PrimaryCheck(AgentConfiguration configuration, CommandOutput output) {
        this.configuration = configuration;
        this.output = output;
    }

    /** One answer. */
    private record Answer(String nextHop, String question, boolean good, String words) {}

    private record Result(boolean good) {}

    /** By which name the spool greets. */
    static String ourName(AgentConfiguration configuration) {
        String name = configuration.spool().hostName();
        return name.isEmpty() ? configuration.agent().name() : name;
    }

    /** True if all is as it should be. */
    boolean run(Map<NextHop, List<DomainName>> nextHops) {
        nextHops.forEach((nextHop, domains) -> {
            try {
                for (InetAddress address : InetAddress.getAllByName(nextHop.host())) {
                    check(nextHop, new SmtpEndpoint(nextHop.host(), address, nextHop.port()), domains);
                }
            } catch (UnknownHostException e) {
                say(nextHop.toString(), "session", false, "the name does not resolve");
            }
        });
        output.end(
                good ? "The primary is ready for the backup." : "The primary is not ready for the backup.",
                new Result(good));
        return good;
    }

    private void check(NextHop nextHop, SmtpEndpoint endpoint, List<DomainName> domains) {
        Optional<SmtpSession> session = open(nextHop, endpoint);
        if (session.isEmpty()) {
            return;
        }
        try (SmtpSession ours = session.get()) {
            for (DomainName domain : domains) {
                mail(endpoint, ours, domain);
            }
        }
        if (nextHop.xclient()) {
            try (SmtpSession another = open(nextHop, endpoint).orElse(null)) {
                if (another != null) {
                    xclient(endpoint, another);
                }
            }
        }
    }

    private Optional<SmtpSession> open(NextHop nextHop, SmtpEndpoint endpoint) {
        SessionOpening opening = open(nextHop, endpoint, nextHop.tls());
        boolean tlsFailed =
                opening.failure().filter(f -> f.kind() == SmtpFailure.Kind.TLS).isPresent();
        if (tlsFailed && nextHop.tls() == TlsPolicy.OPPORTUNISTIC) {
            opening = open(nextHop, endpoint, TlsPolicy.NONE);
        }
        String words = opening.failure()
                .map(SmtpFailure::toString)
                .orElse(opening.tls().map(t -> t.protocol()).orElse("in the clear") + ", tls: " + nextHop.tls());
        if (opening.greeting()
                .filter(g -> g.lines()
                        .get(0)
                        .toLowerCase(Locale.ROOT)
                        .split(" ", 2)[0]
                        .equals(ourName(configuration)))
                .isPresent()) {
            say(endpoint.toString(), "session", false, "it greets with our own name: mail would loop");
            opening.session().ifPresent(SmtpSession::close);
            return Optional.empty();
        }
        say(endpoint.toString(), "session", opening.session().isPresent(), words);
        return opening.session();
    }

    private SessionOpening open(NextHop nextHop, SmtpEndpoint endpoint, TlsPolicy tls) {
        return SmtpSession.open(
                endpoint,
                new SmtpClientSettings(ourName(configuration), tls, nextHop.trust(), SmtpTimeouts.probing(), true),
                Deadline.after(LIMIT));
    }

    private void mail(SmtpEndpoint endpoint, SmtpSession session, DomainName domain) {
        Optional<CanarySection> canary = configuration.domains().stream()
                .filter(d -> DomainName.parse(d.name()).equals(domain))
                .findFirst()
                .flatMap(DomainSection::canary);
        ForwardPath recipient = canary.map(c -> ForwardPath.of(c.settings().recipient()))
                .orElse(new ForwardPath("postmaster", Optional.of(domain.text())));
        for (ReversePath sender : senders(canary)) {
            CommandResult mail = session.mail(sender);
            CommandResult rcpt = mail.isPositive() ? session.rcpt(recipient) : mail;
            say(endpoint.toString(), "mail from " + sender + " for " + recipient, rcpt.isPositive(), words(rcpt));
            session.reset();
        }
    }

    private static List<ReversePath> senders(Optional<CanarySection> canary) {
        Optional<Mailbox> sender = canary.map(c -> c.settings().sender());
        return sender.map(mailbox -> Arrays.asList(ReversePath.of(mailbox), ReversePath.NULL))
                .orElse(List.of(ReversePath.NULL));
    }

    private static String words(CommandResult result) {
        return result.reply()
                .map(Object::toString)
                .or(() -> result.failure().map(SmtpFailure::toString))
                .orElse("");
    }

    private void xclient(SmtpEndpoint endpoint, SmtpSession session) {
        if (!session.takesClient()) {
            say(
                    endpoint.toString(),
                    "XCLIENT",
                    false,
                    "not offered to this machine: SPF and block lists judge the backup");
            return;
        }
        try {
            InetAddress client = InetAddress.getByAddress(SOMEBODY);
            Optional<SmtpFailure> failure =
                    session.speakFor(new ClientIdentity(client, Optional.empty(), SOMEBODYS_NAME, true));
            say(
                    endpoint.toString(),
                    "XCLIENT",
                    failure.isEmpty(),
                    failure.map(SmtpFailure::toString).orElse("offered and accepted"));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private void say(String nextHop, String question, boolean answer, String words) {
        good &= answer;
        output.entry(
                String.format(Locale.ROOT, "%-6s %s: %s: %s", answer ? "ok" : "fault", nextHop, question, words),
                new Answer(nextHop, question, answer, words));
    }
}
