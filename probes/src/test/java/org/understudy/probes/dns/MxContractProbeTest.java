package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.dns.DnsWorld.FIRST;
import static org.understudy.probes.dns.DnsWorld.MX1;
import static org.understudy.probes.dns.DnsWorld.MX2;
import static org.understudy.probes.dns.DnsWorld.SECOND;
import static org.understudy.probes.dns.DnsWorld.finding;
import static org.understudy.probes.dns.DnsWorld.ids;
import static org.understudy.probes.dns.DnsWorld.zone;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.probes.Baselines;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.TestNameServer.Fault;

/** Two authoritative servers and a resolver, on three addresses of loopback. */
class MxContractProbeTest {
    private static final DeclaredIntent NO_MAIL =
            new DeclaredIntent(false, false, false, Duration.ofDays(1), List.of());

    private final DnsWorld world = new DnsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private Probe probe(MailDomain domain) {
        return new MxContractProbe(domain, world.settings(), Baselines.inMemory(), world.clock);
    }

    private ProbeResult run(MailDomain domain) {
        return DnsWorld.run(probe(domain));
    }

    private ProbeResult run() {
        return run(DnsWorld.domain(DeclaredIntent.STANDARD));
    }

    private static List<String> mx(String records) {
        return List.of(records.split(";", -1));
    }

    @Test
    void asDeclared_isOk_andShowsWhatEachServerSaid() {
        world.healthy();
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts())
                .containsKeys(FIRST, SECOND, "resolver")
                .containsEntry(
                        "resolver",
                        "example.org. 3600 IN MX 10 mx1.example.org.\nexample.org. 3600 IN MX 20 mx2.example.org.");
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "mx-backup-preferred-over-primary|CRITICAL|20 mx1.example.org.;10 mx2.example.org.",
                "mx-equal-preference|WARNING|10 mx1.example.org.;10 mx2.example.org.",
                "mx-backup-missing|CRITICAL|10 mx1.example.org.",
                "mx-primary-missing|CRITICAL|20 mx2.example.org.",
                "mx-unexpected-host|WARNING|10 mx1.example.org.;20 mx2.example.org.;30 mx3.example.org.",
                "mx-unexpected-host|CRITICAL|10 mx1.example.org.;20 mx2.example.org.;5 mx3.example.org.",
                "mx-none-implicit|CRITICAL|''",
                "mx-null-on-mail-domain|CRITICAL|0 .",
                "mx-null-with-other|CRITICAL|0 .;10 mx1.example.org.;20 mx2.example.org.",
                "mx-null-with-other|INFO|10 .",
                "mx-target-is-address-literal|CRITICAL|10 mx1.example.org.;20 mx2.example.org.;30 192.0.2.7.",
                "mx-target-is-address-literal|CRITICAL|10 mx1.example.org.;20 mx2.example.org.;30 192.0.2.7.example.org.",
                "mx-target-is-address-literal|CRITICAL|10 mx1.example.org.;20 mx2.example.org.;30 2001:db8::7.",
                "mx-target-invalid-name|WARNING|10 mx1.example.org.;20 mx2.example.org.;30 mx_3.example.org.",
                "mx-target-invalid-name|WARNING|10 mx1.example.org.;20 mx2.example.org.;30 mx\\0323.example.org.",
                "mx-target-invalid-name|WARNING|10 mx1.example.org.;20 mx2.example.org.;30 mx3.example.org.example.org.",
                "mx-duplicate-target|INFO|10 mx1.example.org.;20 mx2.example.org.;30 mx2.example.org."
            })
    void fault_isFound_onEachServer(String id, Severity severity, String records) {
        world.everywhere(zone(mx(records)));
        ProbeResult result = run();
        assertThat(ids(result)).contains(id);
        assertThat(finding(result, id).severity()).isEqualTo(severity);
        assertThat(finding(result, id).evidence()).containsOnlyKeys(FIRST, SECOND);
        assertThat(finding(result, id).fix()).contains("example.org. 3600 IN MX ");
    }

    @Test
    void inverted_evidenceIsTheRrsetOfEachServer_andTheFixIsTheDeclaredOne() {
        world.everywhere(zone(mx("20 mx1.example.org.;10 mx2.example.org.")));
        ProbeResult result = run();
        assertThat(finding(result, "mx-backup-preferred-over-primary").evidence())
                .containsEntry(
                        FIRST,
                        "example.org. 3600 IN MX 10 mx2.example.org.\nexample.org. 3600 IN MX 20 mx1.example.org.");
        assertThat(finding(result, "mx-backup-preferred-over-primary").fix())
                .isEqualTo("example.org. 3600 IN MX 10 mx1.example.org.\nexample.org. 3600 IN MX 20 mx2.example.org.");
    }

    @Test
    void verificationRecord_isNoUnexpectedHost() {
        world.everywhere(zone(List.of(MX1, MX2, "32767 ms123.msv1.invalid.")));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @ParameterizedTest
    @CsvSource({"''", "0 ."})
    void noMailDeclared_nothingAndNullMx_areFine(String records) {
        world.everywhere(zone(mx(records)));
        ProbeResult result = run(DnsWorld.domain(NO_MAIL, new Role[0]));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void noMailDeclared_exchangersAreUnexpected() {
        world.everywhere(zone(List.of(MX1)));
        ProbeResult result = run(DnsWorld.domain(NO_MAIL, new Role[0]));
        assertThat(ids(result)).containsExactly("mx-unexpected-host");
    }

    @ParameterizedTest
    @CsvSource({"10 mx1.example.org.;10 mx2.example.org.", "20 mx1.example.org.;10 mx2.example.org."})
    void activeActiveDeclared_anyOrderIsFine(String records) {
        world.everywhere(zone(mx(records)));
        DeclaredIntent intent = new DeclaredIntent(true, false, true, Duration.ofDays(1), List.of());
        assertThat(run(DnsWorld.domain(intent)).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void tarpitDeclared_mayStandAnywhere_orBeAbsent() {
        MailDomain domain = DnsWorld.domain(DeclaredIntent.STANDARD, Role.TARPIT, Role.PRIMARY, Role.BACKUP);
        world.everywhere(zone(mx("10 mx1.example.org.;20 mx2.example.org.;30 mx3.example.org.")));
        assertThat(run(domain).outcome()).isEqualTo(Outcome.OK);
        world.everywhere(zone(mx("20 mx2.example.org.;30 mx3.example.org.")));
        assertThat(run(domain).outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void gatewayDeclared_primaryNeedsNoRecord_butTheGatewayDoes() {
        MailDomain domain = DnsWorld.domain(DeclaredIntent.STANDARD, Role.GATEWAY, Role.PRIMARY, Role.BACKUP);
        world.everywhere(zone(mx("10 mx1.example.org.;30 mx3.example.org.")));
        assertThat(run(domain).outcome()).isEqualTo(Outcome.OK);
        world.everywhere(zone(mx("10 mx2.example.org.;30 mx3.example.org.")));
        assertThat(ids(run(domain))).containsExactly("mx-primary-missing");
        world.everywhere(zone(mx("40 mx1.example.org.;30 mx3.example.org.")));
        assertThat(ids(run(domain))).containsExactly("mx-backup-preferred-over-primary");
    }

    @ParameterizedTest(name = "{0} s against an objective of {1} s: {2}")
    @CsvSource({
        "3600, 86400, OK, INFO",
        "86401, 86400, FINDING, WARNING",
        "3600, 1800, FINDING, WARNING",
        "299, 86400, FINDING, INFO",
        "60, 60, OK, INFO"
    })
    void timeToLive_isComparedWithTheObjective(long ttl, long objective, Outcome outcome, Severity severity) {
        String[] lines =
                zone(List.of(), "example.org. " + ttl + " IN MX " + MX1, "example.org. " + ttl + " IN MX " + MX2);
        world.everywhere(lines);
        ProbeResult result =
                run(DnsWorld.domain(new DeclaredIntent(true, false, false, Duration.ofSeconds(objective), List.of())));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(outcome);
        result.findings().forEach(f -> {
            assertThat(f.type().id()).isEqualTo("mx-ttl-unsuitable");
            assertThat(f.severity()).isEqualTo(severity);
        });
    }

    @Test
    void servers_differInPreferenceOnly_isFound_withTheSerialOfEach() {
        world.healthy();
        world.second.zone(zone(mx("15 mx1.example.org.;20 mx2.example.org.")));
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("authoritative-servers-disagree");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(result.findings().get(0).evidence().get(SECOND))
                .contains("MX 15 mx1.example.org.")
                .contains("SOA");
    }

    @Test
    void servers_differInOrder_isCritical() {
        world.healthy();
        world.second.zone(zone(mx("30 mx1.example.org.;20 mx2.example.org.")));
        ProbeResult result = run();
        assertThat(finding(result, "authoritative-servers-disagree").severity()).isEqualTo(Severity.CRITICAL);
        assertThat(ids(result)).contains("mx-backup-preferred-over-primary");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SILENT", "SERVFAIL", "REFUSED", "WITHOUT_AUTHORITY"})
    void oneServerBroken_isFound_andTheOtherStillCounts(Fault fault) {
        world.healthy();
        world.second.fault = fault;
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("authoritative-server-unreachable");
        assertThat(result.findings().get(0).subject()).isEqualTo(SECOND);
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void oneOfThreeServersBroken_isAWarning_overIpv6Too() {
        TestNameServer third = world.server("::1");
        String[] lines = zone(
                List.of(MX1, MX2),
                "example.org. 3600 IN NS ns1.example.org.",
                "example.org. 3600 IN NS ns2.example.org.",
                "example.org. 3600 IN NS ns3.example.org.",
                "ns3.example.org. 3600 IN AAAA ::1");
        world.everywhere(lines);
        third.zone(lines);
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        third.fault = Fault.SILENT;
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("authoritative-server-unreachable");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(result.findings().get(0).subject()).contains("0:0:0:0:0:0:0:1");
    }

    @Test
    void noWayToAServer_saysNothingAboutIt() {
        world.healthy(
                "example.org. 3600 IN NS ns1.example.org.",
                "example.org. 3600 IN NS ns2.example.org.",
                "example.org. 3600 IN NS ns3.example.org.",
                // Link-local without a zone: no kernel has a route to it.
                "ns3.example.org. 3600 IN AAAA fe80::1");
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts().get("ns3.example.org [fe80:0:0:0:0:0:0:1]")).contains("no way to");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SILENT", "SERVFAIL", "REFUSED"})
    void ourResolverBroken_isUnknown_neverAFinding(Fault fault) {
        world.healthy();
        world.resolver.fault = fault;
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("name servers of example.org cannot be found out");
    }

    @Test
    void noServerAnswers_isUnknown() {
        world.healthy();
        world.first.fault = Fault.SILENT;
        world.second.fault = Fault.SILENT;
        ProbeResult result = run();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("no authoritative server answers", "ns1.example.org");
    }

    @Test
    void truncatedOverUdp_isAskedOverTcp() {
        world.healthy();
        world.first.fault = Fault.TRUNCATED;
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        assertThat(world.first.answersOverTcp()).isPositive();
    }

    @Test
    void resolverDiffers_isFound_onlyWhenAnOldAnswerWouldBeOver() {
        world.healthy();
        world.resolver.zone(zone(List.of(MX1, "30 mx2.example.org.")));
        Probe probe = probe(DnsWorld.domain(DeclaredIntent.STANDARD));
        assertThat(DnsWorld.run(probe).outcome()).isEqualTo(Outcome.OK);
        world.clock.advance(Duration.ofSeconds(3590));
        assertThat(DnsWorld.run(probe).outcome()).isEqualTo(Outcome.OK);
        world.clock.advance(Duration.ofSeconds(20));
        ProbeResult result = DnsWorld.run(probe);
        assertThat(ids(result)).containsExactly("resolver-view-differs");
        assertThat(result.findings().get(0).evidence())
                .containsKeys(FIRST, SECOND, "resolver 127.0.0.21")
                .extractingByKey("resolver 127.0.0.21")
                .asString()
                .contains("MX 30 mx2.example.org.");
        world.healthy();
        assertThat(DnsWorld.run(probe).outcome()).isEqualTo(Outcome.OK);
    }
}
