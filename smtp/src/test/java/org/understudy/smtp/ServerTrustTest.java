package org.understudy.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which server is taken for the right one, over real TLS, and that nothing is said in the clear to one that is not. */
class ServerTrustTest {
    private static final TestAuthority OURS = TestAuthority.named("our authority");

    private final ScriptedServer server = ScriptedServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private SessionOpening open(ServerTrust trust) {
        Duration d = Duration.ofSeconds(5);
        SmtpTimeouts timeouts = SmtpTimeouts.all(d);
        return SmtpSession.open(
                server.endpoint(),
                new SmtpClientSettings("mx2.test", TlsPolicy.VERIFIED, trust, timeouts, true),
                Deadline.after(Duration.ofSeconds(20)));
    }

    private void assertTrusted(ServerTrust trust) {
        SessionOpening opening = open(trust);
        assertThat(opening.failure()).isEmpty();
        opening.session().orElseThrow().close();
        assertThat(opening.tls()).isPresent();
    }

    private void assertRefused(ServerTrust trust, String... words) {
        SmtpFailure failure = open(trust).failure().orElseThrow();
        assertThat(failure.stage()).isEqualTo(SmtpStage.STARTTLS);
        assertThat(failure.kind()).isEqualTo(SmtpFailure.Kind.TLS);
        assertThat(failure.detail()).contains(words);
        assertThat(server.commands()).noneMatch(c -> c.startsWith("MAIL"));
    }

    private static ServerTrust ours() {
        return new ServerTrust(Optional.empty(), List.of(OURS.certificate()), Set.of());
    }

    private static ServerTrust ours(String name) {
        return new ServerTrust(Optional.of(name), List.of(OURS.certificate()), Set.of());
    }

    private static ServerTrust pinned(String... pins) {
        return new ServerTrust(Optional.empty(), List.of(), Set.of(pins));
    }

    private static String pin(X509Certificate certificate) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    @Test
    void rightNameFromOurAuthority_isTrusted() {
        server.tls(OURS.issue("dns:mx.test").context());
        assertTrusted(ours());
        assertThat(server.serverNames()).containsExactly("mx.test");
        assertTrusted(ours("MX.Test."));
    }

    @Test
    void wrongName_isRefused_unlessItIsTheOneThatIsAskedFor() {
        server.tls(OURS.issue("dns:mx9.test").context());
        assertRefused(ours(), "its certificate is not for mx.test but for mx9.test");
        assertTrusted(ours("mx9.test"));
        assertThat(server.serverNames()).containsExactly("mx.test", "mx9.test");
    }

    @Test
    void wildcard_standsForOneLabel() {
        server.tls(OURS.issue("dns:*.test").context());
        assertTrusted(ours("mx.test"));
        assertRefused(ours("a.mx.test"), "not for a.mx.test");
        assertRefused(ours("test"), "not for test");
    }

    @Test
    void address_isNoName() {
        server.tls(OURS.issue("ip:192.0.2.1").context());
        assertTrusted(ours("192.0.2.1"));
        assertRefused(ours("192.0.2.2"), "not for 192.0.2.2 but for 192.0.2.1");
        assertRefused(ours(), "not for mx.test but for CN=server");
    }

    @Test
    void expired_isRefused() {
        server.tls(OURS.expired("dns:mx.test").context());
        assertRefused(ours(), "has expired", "ends on 20");
    }

    @Test
    void unknownAuthority_isRefused() {
        server.tls(OURS.issue("dns:mx.test").context());
        assertRefused(ServerTrust.STANDARD, "from no authority that is trusted, but from CN=our authority");
        TestAuthority other = TestAuthority.named("another authority");
        server.tls(other.issue("dns:mx.test").context());
        assertRefused(ours(), "from no authority that is trusted, but from CN=another authority");
    }

    @Test
    void selfSigned_isTrustedIfItIsItsOwnAuthority() {
        server.tls(TestCertificates.valid("mx.test"));
        X509Certificate shown =
                open(ServerTrust.STANDARD).tls().orElseThrow().chain().get(0);
        assertRefused(ours(), "from no authority");
        assertTrusted(new ServerTrust(Optional.empty(), List.of(shown), Set.of()));
    }

    @Test
    void severalFaults_areAllNamed() {
        server.tls(TestCertificates.valid("mx9.test"));
        assertRefused(ours(), "not for mx.test", "from no authority");
    }

    @Test
    void pin_decidesAlone() throws Exception {
        TestAuthority.Issued expired = OURS.expired("dns:mx.test");
        server.tls(expired.context());
        assertTrusted(pinned(pin(expired.certificate())));
        assertRefused(pinned("0".repeat(64)), "SHA-256 " + pin(expired.certificate()), "none of those that are pinned");
    }

    @Test
    void pinOfTheAuthority_isNoPinOfTheServer() throws Exception {
        server.tls(OURS.issue("dns:mx.test").context());
        assertRefused(pinned(pin(OURS.certificate())), "none of those that are pinned");
    }

    @Test
    void secondPin_takesTheNextCertificate() throws Exception {
        TestAuthority.Issued present = OURS.issue("dns:mx.test");
        TestAuthority.Issued next = OURS.issue("dns:mx9.test");
        ServerTrust both = pinned(pin(present.certificate()), pin(next.certificate()));
        server.tls(present.context());
        assertTrusted(both);
        server.tls(next.context());
        assertTrusted(both);
    }

    @Test
    void strippedStartTls_isRefused() {
        assertRefused(ours(), "STARTTLS is not offered");
        server.tls(OURS.issue("dns:mx.test").context()).answer("STARTTLS", "454 4.7.0 not now");
        assertRefused(ours(), "STARTTLS refused: 454");
        assertThat(server.commands()).contains("QUIT");
    }

    @Test
    void pins_areReadAsToolsPrintThem() {
        String digits = "0123456789abcdef".repeat(4);
        assertThat(ServerTrust.parsePin(digits)).contains(digits);
        assertThat(ServerTrust.parsePin(
                        " " + digits.toUpperCase(java.util.Locale.ROOT).replaceAll("(..)(?!$)", "$1:") + " "))
                .contains(digits);
        assertThat(ServerTrust.parsePin(digits.substring(2))).isEmpty();
        assertThat(ServerTrust.parsePin("not a pin")).isEmpty();
        assertThat(ServerTrust.parsePin("")).isEmpty();
    }
}
