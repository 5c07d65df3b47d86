package org.understudy.probes.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.probes.Baselines;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.probes.dns.DnsWorld;
import org.understudy.probes.dns.TestNameServer.Fault;
import org.understudy.probes.smtp.SmtpQuestioner;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TestAuthority;
import org.understudy.smtp.TlsPolicy;

/** A signed zone, two exchangers on loopback, and the TLSA records that each test publishes. */
class DaneProbeTest {
    private static final TestAuthority AUTHORITY = TestAuthority.named("DANE Authority");
    private static final TestAuthority.Issued PRIMARY = AUTHORITY.issue("dns:mx1.example.org");
    private static final TestAuthority.Issued BACKUP = AUTHORITY.issue("dns:mx2.example.org");

    private final DnsWorld world = new DnsWorld();
    private final StartTlsServer primary = new StartTlsServer("mx1.example.org", PRIMARY.context());
    private StartTlsServer backup = new StartTlsServer("mx2.example.org", BACKUP.context());
    private final List<String> lines =
            new ArrayList<>(List.of("mx1.example.org. 3600 IN A 127.0.0.1", "mx2.example.org. 3600 IN A 127.0.0.1"));
    private String mx2 = "mx2.example.org";

    @AfterEach
    void close() {
        primary.close();
        backup.close();
        world.close();
    }

    private String owner(String host) {
        return "_" + (host.startsWith("mx1") ? primary : backup).port() + "._tcp." + host + ".";
    }

    private void tlsa(String host, Object record) {
        lines.add(owner(host) + " 3600 IN TLSA " + record);
    }

    private void publishBoth() {
        tlsa("mx1.example.org", TlsaSet.of(PRIMARY.certificate()));
        tlsa("mx2.example.org", TlsaSet.of(BACKUP.certificate()));
    }

    private void backupShows(TestAuthority.Issued certificate) {
        StartTlsServer other = new StartTlsServer("mx2.example.org", certificate.context());
        lines.replaceAll(l -> l.replace("_" + backup.port() + ".", "_" + other.port() + "."));
        backup.close();
        backup = other;
    }

    private DaneProbe probe(Baselines baselines) {
        MailDomain domain = new MailDomain(
                new DomainName("example.org"),
                List.of(
                        List.of(new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, primary.port())),
                        List.of(new Exchanger(new DomainName(mx2), Role.BACKUP, backup.port()))),
                DeclaredIntent.STANDARD);
        SmtpClientSettings client = new SmtpClientSettings(
                "probe.test", TlsPolicy.OPPORTUNISTIC, SmtpTimeouts.probing().withConnect(Duration.ofSeconds(2)));
        return new DaneProbe(domain, world.settings(), handshakes(client), baselines, world.clock);
    }

    private ProbeResult run() {
        world.signed(lines.toArray(new String[0]));
        return look();
    }

    private ProbeResult look() {
        return DnsWorld.run(probe(Baselines.inMemory()));
    }

    private static Finding only(ProbeResult result, String id, Severity severity) {
        assertThat(DnsWorld.ids(result)).as(result.toString()).containsExactly(id);
        assertThat(result.findings().get(0).severity()).isEqualTo(severity);
        return result.findings().get(0);
    }

    private static void ok(ProbeResult result) {
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void recordsThatFit_areSilent() {
        publishBoth();
        ProbeResult result = run();
        ok(result);
        assertThat(result.facts().toString()).contains("proved [3 1 1 ");
    }

    @Test
    void noRecords_areSilent_provedToBeNone() {
        ProbeResult result = run();
        ok(result);
        assertThat(result.facts().toString()).contains("absent []");
    }

    @Test
    void backupWithoutRecords_isFound_withTheLineToPublish() {
        tlsa("mx1.example.org", TlsaSet.of(PRIMARY.certificate()));
        Finding finding = only(run(), "dane-tlsa-missing-for-backup", Severity.WARNING);
        assertThat(finding.fix())
                .isEqualTo("_" + backup.port() + "._tcp.mx2.example.org. 3600 IN TLSA "
                        + TlsaSet.of(BACKUP.certificate()));
    }

    @Test
    void primaryWithoutRecords_takesNothingFromTheBackup() {
        tlsa("mx2.example.org", TlsaSet.of(BACKUP.certificate()));
        ok(run());
    }

    @Test
    void backupWithAnotherKey_isFound() {
        tlsa("mx1.example.org", TlsaSet.of(PRIMARY.certificate()));
        tlsa("mx2.example.org", TlsaSet.of(PRIMARY.certificate()));
        Finding finding = only(run(), "dane-tlsa-mismatch", Severity.CRITICAL);
        assertThat(finding.subject()).startsWith("mx2.example.org");
        assertThat(finding.evidence().get("objections")).contains("is not that of the server");
        assertThat(finding.fix()).endsWith(TlsaSet.of(BACKUP.certificate()).toString());
    }

    @Test
    void backupWithoutStartTls_isFound() {
        publishBoth();
        backup.manner = StartTlsServer.Manner.WITHOUT_STARTTLS;
        assertThat(only(run(), "dane-tlsa-mismatch", Severity.CRITICAL).summary())
                .contains("does not offer STARTTLS");
    }

    @Test
    void newCertificate_isLookedAtAgain_beforeItIsFound() {
        publishBoth();
        world.signed(lines.toArray(new String[0]));
        DaneProbe probe = probe(Baselines.inMemory());
        ok(DnsWorld.run(probe));
        backup.show(PRIMARY.context());
        // What was seen a moment ago counts.
        ok(DnsWorld.run(probe));
        world.clock.advance(Duration.ofMinutes(30));
        lines.removeIf(l -> l.startsWith(owner("mx2.example.org")));
        tlsa("mx2.example.org", TlsaSet.of(PRIMARY.certificate()));
        world.signed(lines.toArray(new String[0]));
        ok(DnsWorld.run(probe));
    }

    @Test
    void staleResolver_isNoMismatch() {
        tlsa("mx1.example.org", TlsaSet.of(PRIMARY.certificate()));
        tlsa("mx2.example.org", TlsaSet.of(PRIMARY.certificate()));
        world.signed(lines.toArray(new String[0]));
        lines.removeIf(l -> l.startsWith(owner("mx2.example.org")));
        tlsa("mx2.example.org", TlsaSet.of(BACKUP.certificate()));
        world.first.zone(DnsWorld.zone(List.of(DnsWorld.MX1, DnsWorld.MX2), lines.toArray(new String[0])));
        // One server is not enough.
        only(look(), "dane-tlsa-mismatch", Severity.CRITICAL);
        world.second.zone(DnsWorld.zone(List.of(DnsWorld.MX1, DnsWorld.MX2), lines.toArray(new String[0])));
        ok(look());
    }

    @ParameterizedTest
    @CsvSource({"0 0 1, usage 0", "1 1 1, usage 1", "3 2 1, selector 2", "3 1 9, matching type 9", "3 1 2, SHA-512"})
    void recordsOfNoUse_areFound_unlessOthersAreOfUse(String numbers, String why) {
        String digest = TlsaSet.of(BACKUP.certificate()).association();
        tlsa("mx1.example.org", TlsaSet.of(PRIMARY.certificate()));
        tlsa("mx2.example.org", numbers + " " + digest);
        Finding finding = only(run(), "dane-records-unusable", Severity.WARNING);
        assertThat(finding.evidence().toString()).contains(why);
        tlsa("mx2.example.org", "3 1 1 " + digest);
        ok(run());
    }

    @Test
    void recordsInAnUnsignedZone_areFound_asAWarningBesideAPrimaryThatIsProtected() {
        mx2 = "mx2.example.net";
        lines.add("example.net. 3600 IN SOA ns1.example.net. h.example.net. 1 3600 600 86400 60");
        lines.add("mx2.example.net. 3600 IN A 127.0.0.1");
        tlsa("mx2.example.net", TlsaSet.of(BACKUP.certificate()));
        only(run(), "dane-tlsa-insecure", Severity.INFO);
        tlsa("mx1.example.org", TlsaSet.of(PRIMARY.certificate()));
        only(run(), "dane-tlsa-insecure", Severity.WARNING);
    }

    @Test
    void recordsOfExchangersThatAnUnsignedDomainNames_areFound() {
        publishBoth();
        lines.add("example.net. 3600 IN SOA ns1.example.net. h.example.net. 1 3600 600 86400 60");
        lines.add("example.net. 3600 IN MX 10 mx1.example.org.");
        world.signed(lines.toArray(new String[0]));
        MailDomain domain = new MailDomain(
                new DomainName("example.net"),
                List.of(List.of(new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, primary.port()))));
        SmtpClientSettings client =
                new SmtpClientSettings("probe.test", TlsPolicy.OPPORTUNISTIC, SmtpTimeouts.probing());
        Finding finding = only(
                DnsWorld.run(
                        new DaneProbe(domain, world.settings(), handshakes(client), Baselines.inMemory(), world.clock)),
                "dane-tlsa-insecure",
                Severity.INFO);
        assertThat(finding.subject()).isEqualTo("example.net");
    }

    @Test
    void denialWithoutItsProof_isBroken() {
        tlsa("mx1.example.org", TlsaSet.of(PRIMARY.certificate()));
        lines.add(owner("mx2.example.org") + " 3600 IN TXT \"not what is asked for\"");
        world.signed(lines.toArray(new String[0]));
        world.strip(owner("mx2.example.org"));
        only(look(), "tlsa-denial-broken", Severity.CRITICAL);
    }

    @Test
    void everyServerFailingAtTheQuestion_isBroken_ourResolverAloneIsUnknown() {
        world.signed(lines.toArray(new String[0]));
        world.resolver.failing(owner("mx2.example.org"));
        ProbeResult result = look();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.UNKNOWN);
        world.first.failing(owner("mx2.example.org"));
        assertThat(look().outcome()).isEqualTo(Outcome.UNKNOWN);
        world.second.failing(owner("mx2.example.org"));
        Finding finding = only(look(), "tlsa-denial-broken", Severity.CRITICAL);
        assertThat(finding.evidence()).containsEntry(DnsWorld.FIRST, "SERVFAIL");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SILENT", "SERVFAIL", "REFUSED"})
    void brokenResolver_isUnknown(Fault fault) {
        publishBoth();
        world.signed(lines.toArray(new String[0]));
        world.resolver.fault = fault;
        assertThat(look().outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void resolverWithoutSignatures_isUnknown() {
        publishBoth();
        world.signed(lines.toArray(new String[0]));
        world.healthy(lines.toArray(new String[0]));
        ProbeResult result = look();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("no signatures");
    }

    @Test
    void alias_isFollowed_toTheRecordsOfItsTarget() {
        lines.removeIf(l -> l.startsWith("mx2."));
        lines.add("mx2.example.org. 3600 IN CNAME mx2.real.example.org.");
        lines.add("mx2.real.example.org. 3600 IN A 127.0.0.1");
        tlsa("mx1.example.org", TlsaSet.of(PRIMARY.certificate()));
        tlsa("mx2.real.example.org", TlsaSet.of(BACKUP.certificate()));
        ok(run());
    }

    @Test
    void lastMonths_withOnlyThePresentKey_areAtRisk_untilTheKeyIsSeenToLast() {
        publishBoth();
        world.clock.advance(Duration.ofDays(310));
        world.signed(lines.toArray(new String[0]));
        ProbeResult result = look();
        assertThat(DnsWorld.ids(result)).containsExactly("dane-rollover-at-risk", "dane-rollover-at-risk");
        Baselines baselines = Baselines.inMemory();
        for (X509Certificate leaf : List.of(PRIMARY.certificate(), BACKUP.certificate())) {
            String key = TlsaSet.of(leaf).association();
            boolean first = leaf.equals(PRIMARY.certificate());
            baselines.keep(
                    new DomainName("_" + (first ? primary : backup).port() + "._tcp." + (first ? "mx1" : "mx2")
                            + ".example.org"),
                    new Baselines.Baseline(
                            key,
                            leaf.getNotBefore().toInstant().minus(Duration.ofDays(60)),
                            key,
                            leaf.getNotBefore().toInstant()));
        }
        ok(DnsWorld.run(probe(baselines)));
    }

    @Test
    void theNextKeyOrAnAuthorityBesideThePresent_isEnough() {
        publishBoth();
        tlsa("mx1.example.org", "3 1 1 " + "ab".repeat(32));
        tlsa(
                "mx2.example.org",
                "2 0 1 " + TlsaSet.association(0, 1, AUTHORITY.certificate()).orElseThrow());
        world.clock.advance(Duration.ofDays(310));
        ok(run());
    }

    @Test
    void tooManyRecords_areAtRisk() {
        publishBoth();
        for (int i = 10; i < 21; i++) {
            tlsa("mx2.example.org", "3 1 1 " + Integer.toString(i).repeat(32));
        }
        ok(run());
        tlsa("mx2.example.org", "3 1 1 " + "77".repeat(32));
        assertThat(only(run(), "dane-rollover-at-risk", Severity.WARNING).summary())
                .contains("13 TLSA records");
    }

    @Test
    void deadBackup_isLeftToAnotherProbe() {
        publishBoth();
        backup.close();
        ok(run());
    }

    @Test
    void oneHandshake_servesBothProbes() {
        publishBoth();
        world.signed(lines.toArray(new String[0]));
        DaneProbe probe = probe(Baselines.inMemory());
        ok(DnsWorld.run(probe));
        int seen = backup.sessions();
        ok(DnsWorld.run(probe));
        assertThat(backup.sessions()).isEqualTo(seen).isEqualTo(1);
    }

    @Test
    void expiredCertificate_isNoMatter_ofItsKey() {
        tlsa("mx1.example.org", TlsaSet.of(PRIMARY.certificate()));
        TestAuthority.Issued expired = AUTHORITY.expired("dns:mx2.example.org");
        backupShows(expired);
        tlsa("mx2.example.org", "3 1 1 " + "ab".repeat(32));
        tlsa("mx2.example.org", TlsaSet.of(expired.certificate()));
        ok(run());
    }

    private Handshakes handshakes(SmtpClientSettings client) {
        SmtpProbeSettings settings = SmtpProbeSettings.of(client, ReversePath.NULL);
        return new Handshakes(client, new SmtpQuestioner(settings, host -> List.of(), world.clock).gate(), world.clock);
    }
}
