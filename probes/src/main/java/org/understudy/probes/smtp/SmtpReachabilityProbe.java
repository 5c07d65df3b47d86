package org.understudy.probes.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SessionOpening;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpStage;
import org.understudy.smtp.TlsPolicy;

/**
 * Opens an SMTP session with every address of an exchanger, each by itself: one bad address of four is a finding, not luck. No
 * MAIL is sent.
 */
public final class SmtpReachabilityProbe implements Probe {
    private static final Duration SLOW = Duration.ofSeconds(30);

    private final DomainName domain;
    private final Exchanger exchanger;
    private final AddressLookup addresses;
    private final SmtpClientSettings client;
    private final CertificateCheck certificates;
    private final Clock clock;

    public SmtpReachabilityProbe(
            DomainName domain, Exchanger exchanger, AddressLookup addresses, SmtpClientSettings client, Clock clock) {
        this.domain = domain;
        this.exchanger = exchanger;
        this.addresses = addresses;
        this.client = client;
        this.certificates = new CertificateCheck(clock);
        this.clock = clock;
    }

    @Override
    public String id() {
        return "smtp/" + domain + "/" + exchanger.host();
    }

    @Override
    public DomainName domain() {
        return domain;
    }

    @Override
    public ProbeResult run(Deadline deadline) {
        return ResultBuilder.of(this, clock, result -> look(result, deadline));
    }

    private void look(ResultBuilder result, Deadline deadline) {
        List<InetAddress> found;
        try {
            found = addresses.addresses(exchanger.host());
        } catch (IOException e) {
            result.unknown("the addresses of " + exchanger.host() + " cannot be found out: " + e.getMessage());
            return;
        }
        if (found.isEmpty()) {
            // The DNS probe answers for that.
            result.unknown(exchanger.host() + " has no address in DNS");
            return;
        }
        Map<String, String> failed = new LinkedHashMap<>();
        List<SessionOpening> opened = new ArrayList<>();
        for (InetAddress address : found) {
            SmtpEndpoint endpoint = new SmtpEndpoint(exchanger.host().text(), address, exchanger.port());
            SessionOpening opening = open(result, endpoint, deadline);
            if (opening.failure().isPresent()) {
                failed.put(endpoint.toString(), opening.failure().get().toString());
                refusal(result, endpoint, opening.failure().get());
            } else {
                opened.add(opening);
                if (!result.hasFindings()) {
                    describe(result, endpoint, opening);
                }
                certificates.judge(result, endpoint, opening);
            }
        }
        if (failed.isEmpty()) {
            return;
        }
        if (opened.isEmpty()) {
            unreachable(result, failed);
        } else {
            failed.forEach((endpoint, why) -> result.finding(Finding.of(
                    FindingType.MX_ADDRESS_PARTIALLY_UNREACHABLE,
                    endpoint,
                    endpoint + " does not answer, while another address of " + exchanger.host() + " does",
                    Map.of(endpoint, why))));
        }
    }

    private SessionOpening open(ResultBuilder result, SmtpEndpoint endpoint, Deadline deadline) {
        SessionOpening opening = SmtpSession.open(endpoint, client, deadline);
        boolean tlsFailed =
                opening.failure().filter(f -> f.kind() == SmtpFailure.Kind.TLS).isPresent();
        if (tlsFailed) {
            SmtpFailure failure = opening.failure().orElseThrow();
            result.finding(Finding.of(
                    FindingType.TLS_HANDSHAKE_FAILS,
                    endpoint.toString(),
                    endpoint + " offers STARTTLS, and it does not work: " + failure.detail(),
                    Map.of(endpoint.toString(), failure.toString())));
            result.transcript(opening.transcript());
            opening = SmtpSession.open(
                    endpoint, new SmtpClientSettings(client.ehloName(), TlsPolicy.NONE, client.timeouts()), deadline);
        }
        opening.session().ifPresent(SmtpSession::close);
        result.transcript(opening.session().map(SmtpSession::transcript).orElse(opening.transcript()));
        return opening;
    }

    private void describe(ResultBuilder result, SmtpEndpoint endpoint, SessionOpening opening) {
        result.fact("address", endpoint.toString());
        opening.greeting().ifPresent(g -> result.fact("greeting", g.toString()));
        result.fact(
                "extensions",
                String.join(" ", new TreeMap<>(opening.capabilities().extensions()).keySet()));
        opening.tls().ifPresent(tls -> result.fact("tls", tls.protocol() + " " + tls.cipherSuite()));
        Duration total = Duration.ZERO;
        for (Map.Entry<SmtpStage, Duration> phase :
                new TreeMap<>(opening.transcript().phases()).entrySet()) {
            result.measurement(
                    phase.getKey().name().toLowerCase(Locale.ROOT) + "_seconds",
                    phase.getValue().toNanos() / 1e9);
            total = total.plus(phase.getValue());
        }
        result.measurement("total_seconds", total.toNanos() / 1e9);
        if (total.compareTo(SLOW) > 0) {
            result.finding(Finding.of(
                    FindingType.SMTP_SLOW,
                    endpoint.toString(),
                    endpoint + " took " + total.toSeconds() + " s until EHLO was answered",
                    Map.of("transcript", opening.transcript().toString())));
        }
    }

    private void refusal(ResultBuilder result, SmtpEndpoint endpoint, SmtpFailure failure) {
        failure.reply()
                .filter(r -> failure.kind() == SmtpFailure.Kind.REPLY)
                .ifPresent(reply -> result.finding(Finding.of(
                        reply.isPermanent()
                                ? FindingType.SMTP_GREETING_HARD_REJECT
                                : FindingType.SMTP_SERVICE_UNAVAILABLE_4XX,
                        endpoint.toString(),
                        endpoint + " answers " + failure.stage() + " with " + reply,
                        Map.of(failure.stage().name(), reply.toString()))));
    }

    private void unreachable(ResultBuilder result, Map<String, String> failed) {
        result.finding(Finding.of(
                exchanger.role().isEntrance()
                        ? FindingType.PRIMARY_SMTP_UNREACHABLE
                        : FindingType.BACKUP_SMTP_UNREACHABLE,
                exchanger.host().text(),
                "The " + exchanger.role().word() + " " + exchanger.host() + " does not answer: "
                        + failed.values().iterator().next(),
                failed));
    }
}
