package org.understudy.probes.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.AddressLookup;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TestCertificates;
import org.understudy.smtp.TlsPolicy;

class SmtpReachabilityProbeTest {
    private static final Duration SHORT = Duration.ofSeconds(2);
    private final ScriptedServer server = ScriptedServer.start();
    private final List<InetAddress> addresses = new ArrayList<>(List.of(InetAddress.getLoopbackAddress()));

    @AfterEach
    void close() {
        server.close();
    }

    private ProbeResult run(Role role) {
        return run(role, host -> addresses);
    }

    private ProbeResult run(Role role, AddressLookup lookup) {
        SmtpTimeouts timeouts = new SmtpTimeouts(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT);
        return new SmtpReachabilityProbe(
                        new DomainName("example.org"),
                        new Exchanger(new DomainName("mx.example.org"), role, server.port()),
                        lookup,
                        new SmtpClientSettings("probe.test", TlsPolicy.OPPORTUNISTIC, timeouts),
                        Clock.systemUTC())
                .run(Deadline.after(Duration.ofSeconds(20)));
    }

    private static List<String> ids(ProbeResult result) {
        return result.findings().stream().map(f -> f.type().id()).toList();
    }

    @Test
    void answers_isOk_withPhasesAndCertificate() {
        server.tls(TestCertificates.valid("mx.example.org"));
        ProbeResult result = run(Role.PRIMARY);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.measurements())
                .containsKeys(
                        "connect_seconds",
                        "greeting_seconds",
                        "ehlo_seconds",
                        "starttls_seconds",
                        "tls_certificate_not_after_timestamp_seconds");
        assertThat(result.facts()).containsKeys("address", "greeting", "extensions", "tls", "certificate");
        assertThat(result.transcript()).contains("C: EHLO probe.test", "C: QUIT");
        assertThat(server.commands()).noneMatch(c -> c.startsWith("MAIL"));
    }

    @ParameterizedTest
    @CsvSource({"PRIMARY, primary-smtp-unreachable", "BACKUP, backup-smtp-unreachable"})
    void refused_isUnreachable(Role role, String id) {
        server.pause();
        ProbeResult result = run(role);
        assertThat(ids(result)).containsExactly(id);
        assertThat(result.findings().get(0).subject()).isEqualTo("mx.example.org");
        assertThat(result.findings().get(0).evidence().toString()).contains("refused");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GREETING, 554 5.7.1 no, smtp-greeting-hard-reject",
        "EHLO, 550 5.7.1 no, smtp-greeting-hard-reject",
        "GREETING, 421 4.3.2 busy, smtp-service-unavailable-4xx"
    })
    void greetedWithRefusal_isFound(String verb, String reply, String id) {
        server.answer(verb, reply);
        assertThat(ids(run(Role.BACKUP))).contains(id, "backup-smtp-unreachable");
    }

    @Test
    void oneAddressOfTwoDead_isPartial() throws IOException {
        addresses.add(InetAddress.getByAddress(new byte[] {127, 0, 0, 77}));
        ProbeResult result = run(Role.PRIMARY);
        assertThat(ids(result)).containsExactly("mx-address-partially-unreachable");
        assertThat(result.findings().get(0).subject()).contains("127.0.0.77");
    }

    @Test
    void certificateExpired_isFound() {
        server.tls(TestCertificates.expired("mx.example.org"));
        assertThat(ids(run(Role.PRIMARY))).containsExactly("tls-cert-expired");
    }

    @Test
    void certificateExpiring_isFound() {
        server.tls(TestCertificates.expiring("mx.example.org", 5));
        assertThat(ids(run(Role.PRIMARY))).containsExactly("tls-cert-expiring");
    }

    @Test
    void startTlsRefused_isFound_butTheHostAnswers() {
        server.tls(TestCertificates.valid("mx.example.org")).answer("STARTTLS", "454 4.7.0 not now");
        assertThat(ids(run(Role.PRIMARY))).containsExactly("tls-handshake-fails");
    }

    @Test
    void addressesNotKnown_isUnknown() {
        ProbeResult result = run(Role.PRIMARY, host -> {
            throw new IOException("SERVFAIL");
        });
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("SERVFAIL");
    }
}
