package org.understudy.probes.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.probes.dns.DnsWorld;
import org.understudy.probes.dns.TestNameServer;
import org.understudy.probes.policy.PolicyServer;
import org.understudy.probes.smtp.SessionGate;
import org.understudy.probes.smtp.SmtpQuestioner;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Keytool;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TestAuthority;
import org.understudy.smtp.TestCertificates;
import org.understudy.smtp.TlsDetails;
import org.understudy.smtp.TlsPolicy;

class TlsProbeTest {
    private static final String MX1 = "mx1.example.org. 3600 IN A 127.0.0.1";
    private static final String MX2 = "mx2.example.org. 3600 IN A 127.0.0.1";
    private static final String STS = "_mta-sts.example.org. 3600 IN TXT \"v=STSv1; id=1\"";
    private static final String HOST = "mta-sts.example.org. 3600 IN A 127.0.0.1";
    private static final TestAuthority AUTHORITY = PolicyServer.AUTHORITY;

    @TempDir
    Path directory;

    private final DnsWorld world = new DnsWorld();
    private final PolicyServer policies = PolicyServer.start();
    private final StartTlsServer primary = new StartTlsServer(
            "mx1.example.org", AUTHORITY.issue("dns:mx1.example.org").context());
    private StartTlsServer backup = new StartTlsServer(
            "mx2.example.org", AUTHORITY.issue("dns:mx2.example.org").context());

    @BeforeEach
    void unpublished() {
        world.healthy(MX1, MX2);
    }

    @AfterEach
    void close() {
        primary.close();
        backup.close();
        policies.close();
        world.close();
    }

    private void publish(String mode) {
        world.healthy(MX1, MX2, STS, HOST);
        policies.answers(PolicyServer.text("version: STSv1\nmode: " + mode + "\nmx: *.example.org\nmax_age: 604800\n"));
    }

    private void backupShows(TestAuthority.Issued certificate) {
        backup.close();
        backup = new StartTlsServer("mx2.example.org", certificate.context());
    }

    private ProbeResult run() {
        return run(policies.settings());
    }

    private ProbeResult run(PolicySettings settings) {
        MailDomain domain = new MailDomain(
                new DomainName("example.org"),
                List.of(
                        List.of(new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, primary.port())),
                        List.of(new Exchanger(new DomainName("mx2.example.org"), Role.BACKUP, backup.port()))),
                DeclaredIntent.STANDARD);
        SmtpClientSettings client = new SmtpClientSettings(
                "probe.test", TlsPolicy.OPPORTUNISTIC, SmtpTimeouts.probing().withConnect(Duration.ofSeconds(2)));
        SessionGate gate = new SmtpQuestioner(
                        SmtpProbeSettings.of(client, ReversePath.NULL), host -> List.of(), world.clock)
                .gate();
        return DnsWorld.run(new TlsProbe(
                domain, world.settings(), client, new Handshakes(client, gate, world.clock), settings, world.clock));
    }

    private static void assertOnly(ProbeResult result, String id, Severity severity) {
        assertThat(DnsWorld.ids(result)).as(result.toString()).containsExactly(id);
        Finding finding = result.findings().get(0);
        assertThat(finding.severity()).isEqualTo(severity);
        assertThat(finding.subject()).startsWith("mx2.example.org");
    }

    @Test
    void soundServers_areSilent() {
        publish("enforce");
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts().toString()).contains("TLSv1.3", "EC 256");
    }

    @ParameterizedTest
    @CsvSource({"enforce, CRITICAL", "testing, WARNING", "none, INFO", "'', INFO"})
    void certificateForAnotherName_isFound_byMode(String mode, Severity severity) {
        if (!mode.isEmpty()) {
            publish(mode);
        }
        backupShows(AUTHORITY.issue("dns:mx1.example.org"));
        ProbeResult result = run();
        assertOnly(result, "tls-cert-backup-mismatch", severity);
        assertThat(result.findings().get(0).summary()).contains("is not for mx2.example.org but for mx1.example.org");
    }

    @Test
    void wildcardCertificate_isForTheHost() {
        publish("enforce");
        backupShows(AUTHORITY.issue("dns:*.example.org"));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @ParameterizedTest
    @CsvSource({"enforce, CRITICAL", "testing, WARNING", "'', WARNING"})
    void strangeAuthority_isFound_byMode(String mode, Severity severity) {
        if (!mode.isEmpty()) {
            publish(mode);
        }
        backupShows(TestAuthority.named("Strange Authority").issue("dns:mx2.example.org"));
        ProbeResult result = run();
        assertThat(DnsWorld.finding(result, "tls-chain-untrusted").severity()).isEqualTo(severity);
        // And so the primary is better.
        assertThat(DnsWorld.ids(result)).containsExactly("tls-chain-untrusted", "tls-parity-differs");
    }

    @Test
    void selfMadeCertificate_isAFault_onlyIfAPolicyAsksForMore() {
        backup.close();
        backup = new StartTlsServer("mx2.example.org", TestCertificates.valid("mx2.example.org"));
        assertThat(DnsWorld.ids(run())).containsExactly("tls-parity-differs");
        publish("enforce");
        assertThat(DnsWorld.finding(run(), "tls-chain-untrusted").severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void publicAuthorities_areTheStandard() {
        PolicySettings standard = new PolicySettings(443, List.of(), List.of(), Set.of(), Set.of());
        assertThat(DnsWorld.ids(run(standard))).containsExactly("tls-chain-untrusted", "tls-chain-untrusted");
    }

    @ParameterizedTest
    @CsvSource({"enforce, CRITICAL", "'', WARNING"})
    void backupWithoutStartTls_isFound(String mode, Severity severity) {
        if (!mode.isEmpty()) {
            publish(mode);
        }
        backup.manner = StartTlsServer.Manner.WITHOUT_STARTTLS;
        assertOnly(run(), "starttls-missing-on-backup", severity);
    }

    @Test
    void primaryWithoutStartTls_isFound_onlyIfAPolicyAsksForIt() {
        primary.manner = StartTlsServer.Manner.WITHOUT_STARTTLS;
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        backup.manner = StartTlsServer.Manner.WITHOUT_STARTTLS;
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        backup.manner = StartTlsServer.Manner.SOUND;
        publish("enforce");
        assertThat(DnsWorld.ids(run())).containsExactly("starttls-missing-on-backup");
    }

    @Test
    void serverThatObeysWhatCameBefore_isFound() {
        backup.manner = StartTlsServer.Manner.OBEDIENT;
        ProbeResult result = run();
        assertOnly(result, "starttls-plaintext-injection", Severity.CRITICAL);
        assertThat(result.findings().get(0).evidence().get("transcript")).contains("NOOP", "250 ok");
    }

    @Test
    void serverThatNeedsItsName_isFound() {
        backup.manner = StartTlsServer.Manner.NEEDS_NAME;
        assertOnly(run(), "tls-sni-required", Severity.WARNING);
    }

    @Test
    void serverThatIsTooOld_isFound() {
        backup.manner = StartTlsServer.Manner.OLD;
        assertOnly(run(), "tls-version-or-cipher-outdated", Severity.WARNING);
    }

    @Test
    void shortKey_isOutdated() throws Exception {
        backup.close();
        backup = new StartTlsServer("mx2.example.org", shortKey());
        Finding finding = DnsWorld.finding(run(), "tls-version-or-cipher-outdated");
        assertThat(finding.summary()).contains("has a key of RSA 1024");
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
    }

    private SSLContext shortKey() throws Exception {
        Path file = directory.resolve("short.p12");
        Keytool.generateRsa(file, "server", 1024, "CN=mx2.example.org");
        KeyStore store = KeyStore.getInstance(file.toFile(), Keytool.PASSWORD.toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, Keytool.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void keyTransportWithRsa_isOutdated() {
        Secured secured = new Secured(
                new SmtpEndpoint("mx2.example.org", InetAddress.getLoopbackAddress(), 25),
                Role.BACKUP,
                new TlsDetails("TLSv1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", List.of(AUTHORITY.certificate())),
                true);
        assertThat(secured.outdated())
                .containsExactly("chooses TLS_RSA_WITH_AES_128_GCM_SHA256, although better ones were offered");
    }

    @Test
    void olderVersionOnTheBackup_isWeaker() {
        backup.protocols = new String[] {"TLSv1.2"};
        ProbeResult result = run();
        assertOnly(result, "tls-parity-differs", Severity.INFO);
        assertThat(result.findings().get(0).summary()).contains("speaks TLSv1.2 where the other speaks TLSv1.3");
    }

    @Test
    void olderVersionOnThePrimary_isNoMatterOfTheBackup() {
        primary.protocols = new String[] {"TLSv1.2"};
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void deadBackup_isLeftToAnotherProbe() {
        backup.close();
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void silentResolver_isUnknown() {
        world.resolver.fault = TestNameServer.Fault.SERVFAIL;
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
    }
}
