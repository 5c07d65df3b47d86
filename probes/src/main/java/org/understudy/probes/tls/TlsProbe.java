package org.understudy.probes.tls;

import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.probes.dns.RecordLookup.Found;
import org.understudy.probes.policy.PublishedDemand;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.ServerTrust;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.StartTlsTrial;
import org.understudy.smtp.StartTlsTrial.Manner;
import org.understudy.smtp.StartTlsTrial.Outcome;

/**
 * Begins TLS with every address of every exchanger, in three ways one after the other, and compares backups with primaries. An
 * address that gives no session is left to the probe that looks for that.
 */
public final class TlsProbe extends DomainProbe {
    private final MailDomain domain;
    private final DnsSettings dns;
    private final SmtpClientSettings client;
    private final Handshakes handshakes;
    private final PublishedDemand published;
    private final ServerTrust trust;

    /** @param handshakes shared by all probes that begin TLS */
    public TlsProbe(
            MailDomain domain,
            DnsSettings dns,
            SmtpClientSettings client,
            Handshakes handshakes,
            PolicySettings policies,
            Clock clock) {
        super("tls", domain.name(), "exchangers", clock);
        this.domain = domain;
        this.dns = dns;
        this.client = client;
        this.handshakes = handshakes;
        this.published = new PublishedDemand(domain.name(), policies);
        this.trust = new ServerTrust(Optional.empty(), policies.authorities(), Set.of());
    }

    @Override
    protected void look(ResultBuilder result, Deadline deadline) {
        RecordLookup lookup = new RecordLookup(dns, deadline);
        TlsJudge judge = new TlsJudge(published.look(lookup, deadline), trust);
        List<Secured> all = new ArrayList<>();
        for (Exchanger exchanger : entrancesFirst()) {
            Found<InetAddress> addresses = lookup.addresses(exchanger.host());
            if (!addresses.isKnown()) {
                result.unknown("the addresses of " + exchanger.host() + " cannot be found out: " + addresses.detail());
            }
            for (InetAddress address : addresses.values()) {
                SmtpEndpoint endpoint = new SmtpEndpoint(exchanger.host().text(), address, exchanger.port());
                boolean entranceSecured = all.stream().anyMatch(s -> s.role().isEntrance());
                handshakes
                        .inTurn(
                                endpoint,
                                deadline,
                                () -> secure(result, judge, exchanger, endpoint, entranceSecured, deadline),
                                () -> tooLate(result, endpoint))
                        .ifPresent(all::add);
            }
        }
        TlsJudge.parity(all).forEach(result::finding);
    }

    private static Optional<Secured> tooLate(ResultBuilder result, SmtpEndpoint endpoint) {
        result.unknown("the sessions that are allowed with " + endpoint + " were taken all the time");
        return Optional.empty();
    }

    /** A backup is compared with them. */
    private List<Exchanger> entrancesFirst() {
        return domain.exchangers().stream()
                .filter(e -> e.role() != Role.TARPIT)
                .sorted(Comparator.comparing((Exchanger e) -> !e.role().isEntrance()))
                .toList();
    }

    private Optional<Secured> secure(
            ResultBuilder result,
            TlsJudge judge,
            Exchanger exchanger,
            SmtpEndpoint endpoint,
            boolean entranceSecured,
            Deadline deadline) {
        Outcome usual = handshakes.usual(endpoint, Handshakes.FRESH, deadline);
        result.transcript(usual.transcript());
        if (usual.tls().isEmpty()) {
            failed(result, judge, exchanger, endpoint, entranceSecured, usual);
            return Optional.empty();
        }
        if (usual.tls().get().chain().isEmpty()) {
            result.unknown(endpoint + " has no certificate that could be read");
            return Optional.empty();
        }
        Secured secured = new Secured(
                endpoint,
                exchanger.role(),
                usual.tls().get(),
                trust.chainObjection(usual.tls().get().chain()).isEmpty());
        result.fact(endpoint.toString(), TlsJudge.describe(secured));
        judge.certificate(secured).forEach(result::finding);
        Outcome nameless = StartTlsTrial.run(endpoint, client, Manner.WITHOUT_NAME, deadline);
        nameless.failure()
                .filter(TlsProbe::isHandshake)
                .ifPresent(failure -> result.finding(TlsJudge.nameRequired(endpoint, failure)));
        Outcome behind = StartTlsTrial.run(endpoint, client, Manner.WITH_COMMAND_BEHIND, deadline);
        if (behind.obeyed()) {
            result.finding(TlsJudge.injection(endpoint, behind.transcript().toString()));
        }
        return Optional.of(secured);
    }

    private void failed(
            ResultBuilder result,
            TlsJudge judge,
            Exchanger exchanger,
            SmtpEndpoint endpoint,
            boolean entranceSecured,
            Outcome outcome) {
        SmtpFailure failure = outcome.failure().orElseThrow();
        if (outcome.offered()) {
            judge.tooOld(endpoint, failure).ifPresent(result::finding);
        } else if (isHandshake(failure)) {
            judge.missing(
                            exchanger,
                            endpoint,
                            entranceSecured,
                            outcome.transcript().toString())
                    .ifPresent(result::finding);
        }
        if (failure.kind() == SmtpFailure.Kind.DEADLINE) {
            result.unknown("the time was over before " + endpoint + " had begun TLS");
        }
        result.fact(endpoint.toString(), failure.toString());
    }

    private static boolean isHandshake(SmtpFailure failure) {
        return failure.kind() == SmtpFailure.Kind.TLS;
    }
}
