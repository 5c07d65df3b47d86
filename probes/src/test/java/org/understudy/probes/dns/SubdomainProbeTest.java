package org.understudy.probes.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.understudy.probes.dns.DnsWorld.ids;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.dns.TestNameServer.Fault;
import org.understudy.smtp.DomainName;

class SubdomainProbeTest {
    private static final DeclaredIntent LISTS =
            new DeclaredIntent(true, false, false, Duration.ofDays(1), List.of(new DomainName("lists.example.org")));

    private final DnsWorld world = new DnsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private ProbeResult run() {
        return DnsWorld.run(new SubdomainProbe(DnsWorld.domain(LISTS), world.settings(), world.clock));
    }

    @Test
    void sameRecords_isOk_whateverTheirLifetime() {
        world.healthy(
                "lists.example.org. 60 IN MX 10 mx1.example.org.", "lists.example.org. 60 IN MX 20 mx2.example.org.");
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void backupForgotten_isFound_withTheRecordsToPaste() {
        world.healthy("lists.example.org. 3600 IN MX 10 mx1.example.org.");
        ProbeResult result = run();
        assertThat(ids(result)).containsExactly("subdomain-mx-parity");
        assertThat(result.findings().get(0).subject()).isEqualTo("lists.example.org");
        assertThat(result.findings().get(0).fix())
                .isEqualTo("lists.example.org. 3600 IN MX 10 mx1.example.org.\n"
                        + "lists.example.org. 3600 IN MX 20 mx2.example.org.");
    }

    @Test
    void noRecords_isFound() {
        world.healthy("lists.example.org. 3600 IN TXT x");
        assertThat(ids(run())).containsExactly("subdomain-mx-parity");
    }

    @Test
    void resolverBroken_isUnknown() {
        world.healthy("lists.example.org. 3600 IN MX 10 mx1.example.org.");
        world.resolver.fault = Fault.REFUSED;
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
    }
}
