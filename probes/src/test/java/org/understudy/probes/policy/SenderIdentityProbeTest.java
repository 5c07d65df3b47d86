package org.understudy.probes.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.DnsWorld;
import org.understudy.probes.dns.SpfEvaluation;
import org.understudy.probes.dns.TestNameServer;
import org.understudy.smtp.DomainName;

class SenderIdentityProbeTest {
    private static final DomainName OURS = new DomainName("mx2.example.org");
    private static final DomainName THEIRS = new DomainName("mx.provider.test");
    private static final String THEIR_ADDRESS = "mx.provider.test. 3600 IN A 192.33.4.12";
    private static final String THEIR_MX = "example.org. 3600 IN MX 20 mx.provider.test.";

    private final DnsWorld world = new DnsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private ProbeResult run(DomainName backup, DomainName... quiet) {
        MailDomain domain = new MailDomain(
                new DomainName("example.org"),
                List.of(
                        List.of(new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, 25)),
                        List.of(new Exchanger(backup, Role.BACKUP, 25))),
                DeclaredIntent.STANDARD);
        PolicySettings settings = new PolicySettings(443, List.of(), List.of(), Set.of(), Set.of(quiet));
        return DnsWorld.run(new SenderIdentityProbe(
                domain, world.settings(), new SpfEvaluation(world.settings()), settings, world.clock));
    }

    private static String spf(String name, String terms) {
        return name + ". 3600 IN TXT \"v=spf1 " + terms + "\"";
    }

    @Test
    void domainWithoutSpf_isSilent() {
        world.healthy();
        assertThat(run(OURS).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void backupOfSomebodyElse_thatMaySend_isFound() {
        world.healthy(THEIR_MX, THEIR_ADDRESS, spf("example.org", "mx -all"));
        ProbeResult result = run(THEIRS);
        assertThat(DnsWorld.ids(result)).containsExactly("spf-authorises-backup-needlessly");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.INFO);
        assertThat(result.findings().get(0).evidence()).containsEntry("TXT", "example.org. IN TXT \"v=spf1 mx -all\"");
    }

    @Test
    void backupOfSomebodyElse_thatMayNotSend_isSilent() {
        world.healthy(THEIR_MX, THEIR_ADDRESS, spf("example.org", "ip4:198.41.0.4 -all"));
        assertThat(run(THEIRS).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void ownBackup_maySend() {
        world.healthy(spf("example.org", "mx -all"));
        assertThat(run(OURS).outcome()).isEqualTo(Outcome.OK);
    }

    @ParameterizedTest
    @CsvSource({"what:ever -all", "include:example.org -all"})
    void brokenRecord_isAWarning(String terms) {
        world.healthy(spf("example.org", terms));
        ProbeResult result = run(OURS);
        assertThat(DnsWorld.ids(result)).containsExactly("spf-authorises-backup-needlessly");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(result.findings().get(0).subject()).isEqualTo("example.org");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a -all|p=reject|",
                "-all||backup-dsn-identity-unauthenticated",
                "~all|p=none|backup-dsn-identity-unauthenticated",
                "?all|p=none|",
                "|p=none|",
                "|p=reject|backup-dsn-identity-unauthenticated",
                "|p=none; sp=quarantine|backup-dsn-identity-unauthenticated",
                "|p=reject; sp=none|"
            })
    void noticesOfTheBackup_areItsOwn(String spf, String dmarc, String expected) {
        world.healthy(
                spf == null ? "x.example.org. 3600 IN TXT \"x\"" : spf("mx2.example.org", spf),
                dmarc == null
                        ? "y.example.org. 3600 IN TXT \"y\""
                        : "_dmarc.example.org. 3600 IN TXT \"v=DMARC1\\; " + dmarc.replace(";", "\\;") + "\"");
        ProbeResult result = run(OURS);
        assertThat(DnsWorld.ids(result)).isEqualTo(expected == null ? List.of() : List.of(expected));
        assertThat(run(OURS, OURS).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void silentResolver_isUnknown() {
        world.healthy();
        world.resolver.fault = TestNameServer.Fault.SERVFAIL;
        assertThat(run(OURS).outcome()).isEqualTo(Outcome.UNKNOWN);
    }
}
