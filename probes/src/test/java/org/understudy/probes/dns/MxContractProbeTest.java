package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.TestNameServer.Fault;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Two authoritative servers and a resolver, on three addresses of loopback. */
class MxContractProbeTest {
    private static final MailDomain DOMAIN = new MailDomain(
            new DomainName("example.org"),
            List.of(
                    List.of(new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, 25)),
                    List.of(new Exchanger(new DomainName("mx2.example.org"), Role.BACKUP, 25))));
    private static final String GOOD = "MX 10 mx1.example.org.;MX 20 mx2.example.org.";

    private final TestNameServer resolver = new TestNameServer("127.0.0.21", 0);
    private final TestNameServer first =
            new TestNameServer("127.0.0.22", resolver.address().getPort());
    private final TestNameServer second =
            new TestNameServer("127.0.0.23", resolver.address().getPort());

    @AfterEach
    void close() {
        resolver.close();
        first.close();
        second.close();
    }

    private static String[] zone(String mx, String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "example.org. 300 IN SOA ns1.example.org. h.example.org. 1 3600 600 86400 60",
                "example.org. 300 IN NS ns1.example.org.",
                "example.org. 300 IN NS ns2.example.org.",
                "ns1.example.org. 300 IN A 127.0.0.22",
                "ns2.example.org. 300 IN A 127.0.0.23",
                "mx1.example.org. 300 IN A 192.0.2.1",
                "mx2.example.org. 300 IN A 192.0.2.2",
                "mx3.example.org. 300 IN A 192.0.2.3"));
        for (String record : mx.split(";", -1)) {
            if (!record.isEmpty()) {
                lines.add("example.org. 300 IN " + record);
            }
        }
        lines.addAll(List.of(more));
        return lines.toArray(new String[0]);
    }

    private void everywhere(String mx, String... more) {
        resolver.zone(zone(mx, more));
        first.zone(zone(mx, more));
        second.zone(zone(mx, more));
    }

    private ProbeResult run() {
        return new MxContractProbe(
                        DOMAIN,
                        new DnsSettings(
                                List.of(resolver.address()), resolver.address().getPort(), Duration.ofMillis(150)),
                        Clock.systemUTC())
                .run(Deadline.after(Duration.ofSeconds(20)));
    }

    private static List<String> ids(ProbeResult result) {
        return result.findings().stream().map(f -> f.type().id()).toList();
    }

    private static Finding finding(ProbeResult result, String id) {
        return result.findings().stream()
                .filter(f -> f.type().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void asDeclared_isOk_andShowsWhatEachServerSaid() {
        everywhere(GOOD);
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts())
                .containsKeys("ns1.example.org [127.0.0.22]", "ns2.example.org [127.0.0.23]", "resolver")
                .containsEntry(
                        "resolver",
                        "example.org. 300 IN MX 10 mx1.example.org.\nexample.org. 300 IN MX 20 mx2.example.org.");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "mx-backup-preferred-over-primary|CRITICAL|MX 20 mx1.example.org.;MX 10 mx2.example.org.",
                "mx-equal-preference|WARNING|MX 10 mx1.example.org.;MX 10 mx2.example.org.",
                "mx-backup-missing|CRITICAL|MX 10 mx1.example.org.",
                "mx-primary-missing|CRITICAL|MX 20 mx2.example.org.",
                "mx-unexpected-host|WARNING|MX 10 mx1.example.org.;MX 20 mx2.example.org.;MX 30 mx3.example.org.",
                "mx-unexpected-host|CRITICAL|MX 10 mx1.example.org.;MX 20 mx2.example.org.;MX 5 mx3.example.org.",
                "mx-none-implicit|CRITICAL|",
                "mx-null-on-mail-domain|CRITICAL|MX 0 .",
                "mx-null-with-other|CRITICAL|MX 0 .;MX 10 mx1.example.org.;MX 20 mx2.example.org.",
                "mx-target-is-address-literal|CRITICAL|MX 10 mx1.example.org.;MX 20 mx2.example.org.;MX 30 192.0.2.7.",
                "mx-duplicate-target|INFO|MX 10 mx1.example.org.;MX 20 mx2.example.org.;MX 30 mx2.example.org."
            })
    void fault_isFound(String id, Severity severity, String mx) {
        everywhere(mx == null ? "" : mx);
        ProbeResult result = run();
        assertThat(ids(result)).contains(id);
        assertThat(finding(result, id).severity()).isEqualTo(severity);
        assertThat(finding(result, id).evidence()).hasSize(2);
    }

    @Test
    void inverted_evidenceIsTheRrsetOfEachServer() {
        everywhere("MX 20 mx1.example.org.;MX 10 mx2.example.org.");
        assertThat(finding(run(), "mx-backup-preferred-over-primary").evidence())
                .containsEntry(
                        "ns1.example.org [127.0.0.22]",
                        "example.org. 300 IN MX 10 mx2.example.org.\nexample.org. 300 IN MX 20 mx1.example.org.");
    }

    @Test
    void target_isAlias_isFound() {
        String[] zone = zone(GOOD);
        zone[6] = "mx2.example.org. 300 IN CNAME mx3.example.org.";
        resolver.zone(zone);
        first.zone(zone(GOOD));
        second.zone(zone(GOOD));
        assertThat(ids(run())).contains("mx-target-is-cname");
    }

    @Test
    void target_withoutAddress_isFound() {
        String[] zone = zone(GOOD);
        zone[6] = "mx2.example.org. 300 IN TXT x";
        resolver.zone(zone);
        first.zone(zone(GOOD));
        second.zone(zone(GOOD));
        assertThat(ids(run())).containsExactly("mx-target-no-address");
    }

    @Test
    void servers_differInPreferenceOnly_isFound() {
        everywhere(GOOD);
        second.zone(zone("MX 15 mx1.example.org.;MX 20 mx2.example.org."));
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("authoritative-servers-disagree");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void servers_differInOrder_isCritical() {
        everywhere(GOOD);
        second.zone(zone("MX 30 mx1.example.org.;MX 20 mx2.example.org."));
        ProbeResult result = run();
        assertThat(finding(result, "authoritative-servers-disagree").severity()).isEqualTo(Severity.CRITICAL);
        assertThat(ids(result)).contains("mx-backup-preferred-over-primary");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SILENT", "SERVFAIL", "REFUSED", "WITHOUT_AUTHORITY"})
    void oneServerBroken_isFound_andTheOtherStillCounts(Fault fault) {
        everywhere(GOOD);
        second.fault = fault;
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("authoritative-server-unreachable");
        assertThat(result.findings().get(0).subject()).isEqualTo("ns2.example.org [127.0.0.23]");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SILENT", "SERVFAIL", "REFUSED"})
    void ourResolverBroken_isUnknown_neverAFinding(Fault fault) {
        everywhere(GOOD);
        resolver.fault = fault;
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).isNotEmpty();
    }

    @Test
    void noServerAnswers_isUnknown() {
        everywhere(GOOD);
        first.fault = Fault.SILENT;
        second.fault = Fault.SILENT;
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void truncatedOverUdp_isAskedOverTcp() {
        everywhere(GOOD);
        first.fault = Fault.TRUNCATED;
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        assertThat(first.answersOverTcp()).isPositive();
    }
}
