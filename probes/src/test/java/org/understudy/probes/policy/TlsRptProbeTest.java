package org.understudy.probes.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.DnsWorld;
import org.understudy.probes.dns.TestNameServer;

class TlsRptProbeTest {
    private static final String STS = "_mta-sts.example.org. 3600 IN TXT \"v=STSv1\\; id=1\"";
    private static final String ELSEWHERE = "example.net. 3600 IN MX 10 mx.example.net.";
    private static final String HTTPS = "reports.example.net. 3600 IN A 192.0.2.9";

    private final DnsWorld world = new DnsWorld();

    @AfterEach
    void close() {
        world.close();
    }

    private ProbeResult run() {
        return DnsWorld.run(new TlsRptProbe(DnsWorld.domain(DeclaredIntent.STANDARD), world.settings(), world.clock));
    }

    private static String record(String text) {
        return "_smtp._tls.example.org. 3600 IN TXT \"" + text.replace(";", "\\;") + "\"";
    }

    @ParameterizedTest
    @CsvSource({
        "mailto:tls@example.net",
        "https://reports.example.net/tls",
        "'mailto:tls@example.org,mailto:tls@example.net'"
    })
    void recordWithADestinationElsewhere_isSilent(String rua) {
        world.healthy(STS, record("v=TLSRPTv1; rua=" + rua), ELSEWHERE, HTTPS);
        ProbeResult result = run();
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.OK);
    }

    @Test
    void missingRecord_countsBesideAPolicyOnly() {
        world.healthy();
        assertThat(run().outcome()).isEqualTo(Outcome.OK);
        world.healthy(STS);
        ProbeResult result = run();
        assertThat(DnsWorld.ids(result)).containsExactly("tlsrpt-missing-or-unusable");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.WARNING);
        assertThat(result.findings().get(0).fix()).contains("_smtp._tls.example.org. IN TXT \"v=TLSRPTv1; rua=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=TLSRPTv1; rua=tls@example.net|neither a mailto: nor an https: URI",
                "v=TLSRPTv1;|has no rua",
                "v=tlsrptv1; rua=mailto:tls@example.net|does not begin with",
                "v=TLSRPTv1; rua=mailto:tls@gone.example.net|reach nobody",
                "v=TLSRPTv1; rua=https://gone.example.net/|reach nobody"
            })
    void unusableRecord_isFound(String text, String words) {
        world.healthy(record(text), ELSEWHERE);
        ProbeResult result = run();
        assertThat(DnsWorld.ids(result)).containsExactly("tlsrpt-missing-or-unusable");
        assertThat(result.findings().get(0).summary()).contains(words);
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void severalRecords_areFound() {
        world.healthy(
                record("v=TLSRPTv1; rua=mailto:a@example.net"),
                record("v=TLSRPTv1; rua=mailto:b@example.net"),
                ELSEWHERE);
        assertThat(DnsWorld.ids(run())).containsExactly("tlsrpt-missing-or-unusable");
    }

    @Test
    void destinationInTheDomainOnly_isAnInfo() {
        world.healthy(record("v=TLSRPTv1; rua=mailto:tls@example.org"));
        ProbeResult result = run();
        assertThat(DnsWorld.ids(result)).containsExactly("tlsrpt-missing-or-unusable");
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.INFO);
    }

    @Test
    void silentResolver_isUnknown() {
        world.healthy(STS);
        world.resolver.fault = TestNameServer.Fault.SERVFAIL;
        assertThat(run().outcome()).isEqualTo(Outcome.UNKNOWN);
    }
}
