package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.dns.DnsWorld.MX1;
import static org.understudy.probes.dns.DnsWorld.MX2;
import static org.understudy.probes.dns.DnsWorld.SECOND;
import static org.understudy.probes.dns.DnsWorld.finding;
import static org.understudy.probes.dns.DnsWorld.ids;
import static org.understudy.probes.dns.DnsWorld.zone;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.TestNameServer.Fault;
import org.understudy.smtp.Network;

class MxTargetsProbeTest {
    private final DnsWorld world = new DnsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private ProbeResult run(MailDomain domain) {
        return DnsWorld.run(new MxTargetsProbe(domain, world.settings(), world.clock));
    }

    private ProbeResult run() {
        return run(DnsWorld.domain(DeclaredIntent.STANDARD));
    }

    @Test
    void healthy_isOk_andShowsTheAddresses() {
        world.healthy();
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts())
                .containsEntry("mx1.example.org", "198.41.0.4")
                .containsEntry("mx2.example.org", "199.7.83.42");
    }

    @Test
    void alias_isFound_withTheRecordsThatShouldBeThere() {
        world.healthy();
        for (TestNameServer server : List.of(world.resolver, world.first, world.second)) {
            String[] lines = zone(List.of(MX1, MX2), "mail.example.org. 3600 IN A 199.7.83.42");
            for (int i = 0; i < lines.length; i++) {
                lines[i] = lines[i].replace(
                        "mx2.example.org. 3600 IN A 199.7.83.42", "mx2.example.org. 3600 IN CNAME mail.example.org.");
            }
            server.zone(lines);
        }
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("mx-target-is-cname");
        assertThat(result.findings().get(0).fix()).isEqualTo("mx2.example.org. 3600 IN A 199.7.83.42");
    }

    @Test
    void noAddress_isFound() {
        world.healthy("mx2.example.org. 3600 IN TXT x", "mx2.example.org. 3600 IN A 199.7.83.42");
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        String[] lines = zone(List.of(MX1, MX2), "mx2.example.org. 3600 IN TXT x");
        lines[6] = "; nothing";
        world.everywhere(lines);
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("mx-target-no-address");
        assertThat(result.findings().get(0).subject()).isEqualTo("mx2.example.org");
    }

    @ParameterizedTest
    @CsvSource({
        "A, 127.0.0.1",
        "A, 10.1.2.3",
        "A, 100.64.0.1",
        "A, 169.254.1.1",
        "A, 192.168.0.1",
        "A, 203.0.113.5",
        "AAAA, ::1",
        "AAAA, fd00::1",
        "AAAA, fe80::1",
        "AAAA, 2001:db8::1"
    })
    void specialAddress_isFound_unlessTheNetworkIsDeclaredPublic(String type, String address) {
        world.publicNetworks = List.of();
        world.healthy("mx1.example.org. 3600 IN " + type + " " + address);
        assertThat(ids(run())).contains("mx-target-special-address");
        world.publicNetworks = List.of(Network.parse(address));
        assertThat(ids(run())).doesNotContain("mx-target-special-address");
    }

    @Test
    void tarpitDeclared_mayHaveAnyAddress() {
        world.everywhere(zone(List.of(MX1, MX2, "30 mx3.example.org."), "mx3.example.org. 3600 IN A 10.0.0.1"));
        assertThat(run(DnsWorld.domain(DeclaredIntent.STANDARD, Role.PRIMARY, Role.BACKUP, Role.TARPIT))
                        .outcome())
                .isEqualTo(Outcome.OK);
        assertThat(ids(run())).containsExactly("mx-target-special-address");
    }

    @Test
    void recordThatOnlyVerifiesTheDomain_needsNoAddress() {
        world.everywhere(zone(List.of(MX1, MX2, "32767 ms123.msv1.invalid.")));
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    private void registry(String... more) {
        String[] net = {
            "net. 3600 IN SOA a.net. h.net. 1 3600 600 86400 60",
            "net. 3600 IN NS a.net.",
            "net. 3600 IN NS b.net.",
            "a.net. 3600 IN A 127.2.0.24",
            "b.net. 3600 IN A 127.3.0.25"
        };
        world.everywhere(zone(List.of(MX1, MX2, "30 mail.gone.net."), concat(net, more)));
    }

    private static String[] concat(String[] a, String... b) {
        List<String> all = new ArrayList<>(List.of(a));
        all.addAll(List.of(b));
        return all.toArray(new String[0]);
    }

    @Test
    void targetInAnUnregisteredDomain_isDangling_ifTwoServersOfTheRegistryDenyIt() {
        TestNameServer a = world.server("127.2.0.24");
        TestNameServer b = world.server("127.3.0.25");
        String soa = "net. 3600 IN SOA a.net. h.net. 1 3600 600 86400 60";
        a.zone(soa);
        b.zone(soa);
        registry();
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("mx-target-dangling");
        assertThat(result.findings().get(0).summary()).contains("gone.net");
        assertThat(result.findings().get(0).fix()).isEqualTo("; remove: example.org. IN MX 30 mail.gone.net.");
        b.fault = Fault.SERVFAIL;
        assertThat(ids(run())).containsExactly("mx-target-no-address");
    }

    @Test
    void targetMissingInSomebodysZone_isNotDangling() {
        TestNameServer a = world.server("127.2.0.24");
        String[] gone = {
            "gone.net. 3600 IN SOA a.net. h.net. 1 3600 600 86400 60", "gone.net. 3600 IN NS a.net.",
        };
        a.zone(gone);
        registry(gone);
        assertThat(ids(run())).containsExactly("mx-target-no-address");
    }

    @Test
    void backupBehindFiveAddresses_isFound_behindFourItIsNot() {
        String fifth = "mx1.example.org. 3600 IN A 198.41.0.5";
        String[] four = {
            "mx1.example.org. 3600 IN A 198.41.0.1",
            "mx1.example.org. 3600 IN A 198.41.0.2",
            "mx1.example.org. 3600 IN A 198.41.0.3",
            "mx1.example.org. 3600 IN A 198.41.0.4"
        };
        world.healthy(four);
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        world.healthy(concat(four, fifth));
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("mx-backup-beyond-sender-limit");
        assertThat(result.findings().get(0).evidence()).containsKeys("10 mx1.example.org", "20 mx2.example.org");
    }

    @Test
    void backupWithIpv6Only_andBackupWithoutIpv6_areFound() {
        String[] lines = zone(List.of(MX1, MX2), "mx2.example.org. 3600 IN AAAA 2001:500:9f::42");
        lines[6] =
                "2.4.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.f.9.0.0.0.0.5.0.1.0.0.2.ip6.arpa. 3600 IN PTR mx2.example.org.";
        world.everywhere(lines);
        Finding only = finding(run(), "mx-family-asymmetry");
        assertThat(only.summary()).contains("mx2.example.org has no IPv4 address");
        world.healthy("mx1.example.org. 3600 IN AAAA 2001:500:2f::f");
        Finding without = finding(run(), "mx-family-asymmetry");
        assertThat(without.summary()).contains("mx2.example.org has no IPv6 address");
    }

    @Test
    void oneAddressForBoth_isOneHost_unlessDeclaredIndependent() {
        world.healthy("mx2.example.org. 3600 IN A 198.41.0.4", "4.0.41.198.in-addr.arpa. 3600 IN PTR mx2.example.org.");
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("shared-fate-same-host");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.CRITICAL);
        world.independentNetworks = List.of(Network.parse("198.41.0.0/24"));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void oneAddressForTwoPrimaries_isADuplicate() {
        world.everywhere(zone(List.of(MX1, MX2, "30 mx3.example.org."), "mx2.example.org. 3600 IN A 198.41.0.4"));
        ProbeResult result = run(DnsWorld.domain(DeclaredIntent.STANDARD, Role.PRIMARY, Role.PRIMARY, Role.BACKUP));
        assertThat(ids(result)).contains("mx-duplicate-target").doesNotContain("shared-fate-same-host");
    }

    @Test
    void oneNetworkForBoth_isFound() {
        world.healthy(
                "mx2.example.org. 3600 IN A 198.41.0.99", "99.0.41.198.in-addr.arpa. 3600 IN PTR mx2.example.org.");
        assertThat(ids(run())).containsExactly("shared-fate-same-network");
        world.independentNetworks = List.of(Network.parse("198.41.0.0/24"));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void nameServersBesideThePrimary_areFound_oneElsewhereIsEnough() {
        world.healthy("mx1.example.org. 3600 IN A 127.0.0.99");
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        world.healthy("mx1.example.org. 3600 IN A 127.0.0.99", "mx1.example.org. 3600 IN A 127.1.0.99");
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("dns-shared-fate-with-primary");
        assertThat(result.findings().get(0).evidence()).containsKeys("name servers of example.org", "primary");
    }

    @Test
    void nameServerWithoutKnownAddress_mayBeElsewhere() {
        world.healthy(
                "mx1.example.org. 3600 IN A 127.0.0.99",
                "mx1.example.org. 3600 IN A 127.1.0.99",
                "example.org. 3600 IN NS ns1.example.org.",
                "example.org. 3600 IN NS ns2.example.org.",
                "example.org. 3600 IN NS ns.example.net.");
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void nameThatCannotBeFollowed_isUnknown_notMismatched() {
        world.healthy(
                "42.83.7.199.in-addr.arpa. 3600 IN PTR mail.example.net.", "mail.example.net. 3600 IN A 199.7.83.42");
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        world.resolver.failing("mail.example.net.");
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("the address of mail.example.net cannot be found out: SERVFAIL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42.83.7.199.in-addr.arpa. 3600 IN PTR mx1.example.org."})
    void backupWithoutANameThatLeadsBack_isFound(String reverse) {
        String[] lines = zone(List.of(MX1, MX2));
        lines[9] = reverse;
        world.everywhere(lines);
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("mx-ptr-missing-or-mismatched");
        assertThat(result.findings().get(0).fix()).isEqualTo("42.83.7.199.in-addr.arpa. 3600 IN PTR mx2.example.org.");
    }

    @Test
    void serversDisagreeAboutAnAddress_isFound() {
        world.healthy();
        world.second.zone(zone(List.of(MX1, MX2), "mx2.example.org. 3600 IN A 199.7.83.43"));
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("authoritative-servers-disagree");
        assertThat(result.findings().get(0).subject()).isEqualTo("mx2.example.org A");
        assertThat(result.findings().get(0).evidence().get(SECOND)).contains("199.7.83.43");
    }

    @Test
    void addressThatLivesTooLong_isFound() {
        world.healthy("mx2.example.org. 172800 IN A 199.7.83.42");
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("mx-ttl-unsuitable");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(result.findings().get(0).subject()).isEqualTo("mx2.example.org A");
    }

    @Test
    void resolverBroken_isUnknown_neverAFinding() {
        world.healthy();
        world.resolver.fault = Fault.SERVFAIL;
        ProbeResult result = run();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("example.org cannot be found out");
    }

    @Test
    void serversSilent_theResolverCounts() {
        world.healthy();
        world.first.fault = Fault.SILENT;
        world.second.fault = Fault.SILENT;
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }
}
