package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.HostHistory;
import org.understudy.probes.MailDomain;
import org.understudy.probes.MovableClock;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.SmtpIntent;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;

/**
 * A domain with a primary and a backup that are in order: they take the canary, the postmaster and the abuse desk, and nobody else,
 * relay nothing and tell nothing. A test spoils it.
 */
final class SmtpWorld implements AutoCloseable {
    static final DomainName DOMAIN = new DomainName("example.org");
    static final Mailbox CANARY = new Mailbox("canary", "example.org");
    static final Mailbox ELSEWHERE = new Mailbox("relay", "elsewhere.test");
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    final ScriptedServer primary = server(1);
    final ScriptedServer backup = server(2);
    final MovableClock clock = new MovableClock();
    final HostHistory history = HostHistory.inMemory();
    final Map<DomainName, List<InetAddress>> addresses = new HashMap<>();
    final List<List<Exchanger>> tiers = new ArrayList<>();
    AddressLookup lookup = host -> addresses.getOrDefault(host, List.of());
    SmtpIntent intent = SmtpIntent.STANDARD.withValidRecipients(List.of(CANARY));
    SmtpProbeSettings settings =
            SmtpProbeSettings.of(client(SHORT), ReversePath.of(new Mailbox("probe", "agent.test")));
    private Optional<SmtpQuestioner> questioner = Optional.empty();
    private Optional<DomainHosts> hosts = Optional.empty();

    SmtpWorld() {
        addresses.put(host(Role.PRIMARY), List.of(loopback(1)));
        addresses.put(host(Role.BACKUP), List.of(loopback(2)));
        tiers.add(List.of(new Exchanger(host(Role.PRIMARY), Role.PRIMARY, primary.port())));
        tiers.add(List.of(new Exchanger(host(Role.BACKUP), Role.BACKUP, backup.port())));
    }

    static SmtpClientSettings client(Duration patience) {
        return new SmtpClientSettings("agent.test", TlsPolicy.OPPORTUNISTIC, SmtpTimeouts.all(patience));
    }

    static DomainName host(Role role) {
        return new DomainName(role.word() + ".example.org");
    }

    static InetAddress loopback(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ScriptedServer server(int last) {
        return inOrder(ScriptedServer.startAt(loopback(last), 0));
    }

    /** Has a server do what one that is in order does. */
    static ScriptedServer inOrder(ScriptedServer server) {
        return server.asUsual()
                .whenever("^RCPT TO:<u[0-9a-f]{20}@example.org>", "550 5.1.1 no such user")
                .whenever("^RCPT TO:.*elsewhere", "554 5.7.1 Relay access denied")
                .whenever("^VRFY", "252 2.0.0 send some mail, and see")
                .whenever("^(EXPN|ETRN)", "502 5.5.1 not here");
    }

    /** Answers a command in another way than a server that is in order. */
    static void spoil(ScriptedServer server, String command, String reply) {
        server.asUsual().whenever(command, reply);
        server.whenever("^RCPT TO:<u[0-9a-f]{20}@example.org>", "550 5.1.1 no such user")
                .whenever("^RCPT TO:.*elsewhere", "554 5.7.1 Relay access denied")
                .whenever("^VRFY", "252 2.0.0 send some mail, and see")
                .whenever("^(EXPN|ETRN)", "502 5.5.1 not here");
    }

    ScriptedServer server(Role role) {
        return role == Role.BACKUP ? backup : primary;
    }

    /** The hosts as they are declared when this is first asked for. */
    DomainHosts hosts() {
        if (hosts.isEmpty()) {
            MailDomain domain = new MailDomain(DOMAIN, tiers, DeclaredIntent.STANDARD.withSmtp(intent));
            questioner = Optional.of(new SmtpQuestioner(settings, host -> lookup.addresses(host), clock));
            hosts = Optional.of(questioner.get().hosts(domain));
        }
        return hosts.get();
    }

    SmtpQuestioner questioner() {
        assertThat(hosts()).isNotNull();
        return questioner.orElseThrow();
    }

    private Exchanger exchanger(Role role) {
        return hosts().domain().exchangers(role).get(0);
    }

    SmtpReachabilityProbe reachability(Role role) {
        return new SmtpReachabilityProbe(hosts(), exchanger(role), history, clock);
    }

    HostAnswersProbe answers(Role role) {
        return new HostAnswersProbe(hosts(), exchanger(role), clock);
    }

    ParityProbe parity() {
        return new ParityProbe(
                hosts(), exchanger(Role.BACKUP), new DnsSettings(List.of(), 53, Duration.ofSeconds(1)), clock);
    }

    LineEndProbe lineEnds(Role role) {
        return new LineEndProbe(hosts(), exchanger(role), Duration.ofMillis(500), clock);
    }

    static ProbeResult run(org.understudy.probes.Probe probe) {
        return probe.run(Deadline.after(LIMIT));
    }

    static List<String> ids(ProbeResult result) {
        return result.findings().stream().map(f -> f.type().id()).toList();
    }

    static Finding only(ProbeResult result, String id) {
        return result.findings().stream()
                .filter(f -> f.type().id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + id + " in " + result));
    }

    @Override
    public void close() {
        primary.close();
        backup.close();
    }
}
