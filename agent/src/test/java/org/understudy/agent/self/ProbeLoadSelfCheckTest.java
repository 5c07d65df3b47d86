package org.understudy.agent.self;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.InetAddresses;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ProbeLoad;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

class ProbeLoadSelfCheckTest {
    private static final ProbeRates STANDARD = new ProbeRates(
            Duration.ofMinutes(1), Duration.ofMinutes(15), Duration.ofMinutes(5), Duration.ofMinutes(15));

    private static ProbeLoad load(int unknownRecipients, int mostErrors, List<String> dismissals, int shutOut) {
        return new ProbeLoad(
                InetAddresses.forString("192.0.2.1"),
                25,
                List.of("mx1.example.org"),
                64,
                unknownRecipients,
                mostErrors,
                dismissals,
                shutOut);
    }

    private static List<MailDomain> domains(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new MailDomain(
                        new DomainName("d" + i + ".example.org"),
                        List.of(List.of(new Exchanger(new DomainName("mx1.example.org"), Role.PRIMARY, 25))),
                        DeclaredIntent.STANDARD))
                .toList();
    }

    private static ProbeResult run(ProbeLoad load, int domains, ProbeRates rates, boolean tolerant) {
        ProbeLoadSelfCheck check =
                new ProbeLoadSelfCheck(() -> List.of(load), address -> tolerant, domains(domains), rates);
        return new SelfProbe(new DomainName("agent.test"), List.of(check), Clock.systemUTC())
                .run(Deadline.after(Duration.ofSeconds(5)));
    }

    private static Finding only(ProbeResult result) {
        assertThat(result.findings())
                .as(result.toString())
                .extracting(f -> f.type().id())
                .containsExactly("agent-probe-abusive");
        return result.findings().get(0);
    }

    @Test
    void standardRhythm_isSilent() {
        assertThat(run(load(5, 5, List.of(), 1), 1, STANDARD, false).findings()).isEmpty();
        assertThat(run(load(20, 14, List.of(), 0), 5, STANDARD, false).findings())
                .isEmpty();
    }

    @Test
    void manyUnknownRecipients_areFound() {
        Finding finding = only(run(load(21, 0, List.of(), 0), 5, STANDARD, false));
        assertThat(finding.subject()).isEqualTo("mx1.example.org[192.0.2.1]:25");
        assertThat(finding.evidence().get("unknown recipients within an hour")).startsWith("21,");
        assertThat(finding.evidence()).containsEntry("domains that share it", "5");
        assertThat(finding.fix()).contains("tolerantNetworks: [\"192.0.2.1\"]");
    }

    @Test
    void manyDomainsOnOneServer_areFound_beforeTheyAreAsked() {
        Finding finding = only(run(load(1, 0, List.of(), 0), 6, STANDARD, false));
        assertThat(finding.evidence().get("unknown recipients an hour, as configured"))
                .startsWith("24 for 6 domain(s) every 900 s");
    }

    @Test
    void nearTheErrorLimit_isFound() {
        assertThat(only(run(load(1, 15, List.of(), 0), 1, STANDARD, false)).summary())
                .contains("refusals in one session: 15", "smtpd_hard_error_limit");
    }

    @Test
    void dismissal_isFound() {
        assertThat(only(run(load(1, 1, List.of("421 4.7.0 too many errors"), 0), 1, STANDARD, false))
                        .summary())
                .contains("421 4.7.0 too many errors");
    }

    @Test
    void shutOutTwice_isFound() {
        assertThat(only(run(load(1, 9, List.of(), 2), 1, STANDARD, false)).summary())
                .contains("2 times within a day");
    }

    @Test
    void shortIntervals_areFound() {
        ProbeRates hasty = new ProbeRates(
                Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofSeconds(15), Duration.ofMinutes(15));
        Finding finding = only(run(load(1, 1, List.of(), 0), 1, hasty, false));
        assertThat(finding.subject()).isEqualTo("intervals");
        assertThat(finding.evidence()).containsOnlyKeys("probes.smtp", "probes.canaryViaPrimary");
        assertThat(finding.evidence()).containsEntry("probes.smtp", "5 s, which should be 30 s at least");
    }

    @Test
    void tolerantServer_mayBeAskedAnything() {
        ProbeRates hasty = new ProbeRates(Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO, Duration.ZERO);
        assertThat(run(load(500, 20, List.of("421 4.7.0 too fast"), 9), 50, hasty, true)
                        .findings())
                .isEmpty();
        assertThat(run(load(5, 0, List.of(), 0), 1, hasty, false).findings()).hasSize(2);
    }
}
