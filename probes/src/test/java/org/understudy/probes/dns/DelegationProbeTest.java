package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.dns.DnsWorld.MX1;
import static org.understudy.probes.dns.DnsWorld.MX2;
import static org.understudy.probes.dns.DnsWorld.ids;
import static org.understudy.probes.dns.DnsWorld.zone;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.dns.TestNameServer.Fault;
import org.understudy.smtp.DomainName;

class DelegationProbeTest {
    private final DnsWorld world = new DnsWorld();
    private final TestNameServer parent = world.server("127.2.0.24");

    @BeforeEach
    void delegate() {
        world.everywhere(zone(List.of(MX1, MX2), "org. 3600 IN NS a.org.", "a.org. 3600 IN A 127.2.0.24"));
        parent.zone("org. 3600 IN SOA a.org. h.org. 1 3600 600 86400 60");
        parent.delegation(
                "example.org. 3600 IN NS ns1.example.org.",
                "example.org. 3600 IN NS ns2.example.org.",
                "ns1.example.org. 3600 IN A 127.0.0.22",
                "ns2.example.org. 3600 IN A 127.1.0.23");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private ProbeResult run() {
        return DnsWorld.run(
                new DelegationProbe(DnsWorld.domain(DeclaredIntent.STANDARD), world.settings(), world.clock));
    }

    @Test
    void parentAndZoneAgree_isOk() {
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
        assertThat(result.facts()).containsEntry("parent", "ns1.example.org, ns2.example.org");
    }

    @Test
    void parentNamesARetiredServer_isFound_withTheRecordsOfTheZone() {
        parent.delegation(
                "example.org. 3600 IN NS ns1.example.org.",
                "example.org. 3600 IN NS old.example.net.",
                "ns1.example.org. 3600 IN A 127.0.0.22");
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("delegation-mismatch");
        assertThat(result.findings().get(0).summary())
                .isEqualTo("The parent sends resolvers of example.org to ns1.example.org, old.example.net;"
                        + " the zone names ns1.example.org, ns2.example.org");
        assertThat(result.findings().get(0).fix())
                .isEqualTo("example.org. 86400 IN NS ns1.example.org.\nexample.org. 86400 IN NS ns2.example.org.");
        assertThat(result.findings().get(0).evidence()).containsKey("parent a.org [127.2.0.24]");
    }

    @Test
    void glueIsWrong_isFound() {
        parent.delegation(
                "example.org. 3600 IN NS ns1.example.org.",
                "example.org. 3600 IN NS ns2.example.org.",
                "ns1.example.org. 3600 IN A 127.0.0.22",
                "ns2.example.org. 3600 IN A 127.1.0.99");
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("delegation-mismatch");
        assertThat(result.findings().get(0).subject()).isEqualTo("ns2.example.org");
        assertThat(result.findings().get(0).evidence())
                .containsEntry("glue", "127.1.0.99")
                .containsEntry("zone", "127.1.0.23");
    }

    @Test
    void parentServerThatHasTheZoneToo_saysNothing() {
        parent.delegation();
        parent.zone(zone(List.of(MX1, MX2), "example.org. 3600 IN NS other.example.org."));
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void parentSilent_isUnknown() {
        parent.fault = Fault.SILENT;
        ProbeResult result = run();
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause()).contains("no name server of org says where example.org is delegated to");
    }

    @Test
    void resolverBroken_isUnknown() {
        world.resolver.fault = Fault.SERVFAIL;
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void nameThatIsNeverDelegated_isOk_withoutAQuestion() {
        world.resolver.fault = Fault.SILENT;
        ProbeResult result = DnsWorld.run(new DelegationProbe(
                new MailDomain(new DomainName("lab.test"), List.of()), world.settings(), world.clock));
        assertThat(result.outcome()).isEqualTo(Outcome.OK);
    }
}
