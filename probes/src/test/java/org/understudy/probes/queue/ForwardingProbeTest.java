package org.understudy.probes.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.ForwardingSnapshot;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Severity;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

class ForwardingProbeTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static ProbeResult run(boolean frozen, String words) {
        ForwardingSnapshot snapshot = new ForwardingSnapshot("mx1.example.org:25", frozen, NOW, words, 3);
        return new ForwardingProbe(new DomainName("example.org"), () -> snapshot, Clock.fixed(NOW, ZoneOffset.UTC))
                .run(Deadline.after(Duration.ofSeconds(5)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "550 5.7.23 <a@example.org>: Recipient address rejected, spf-rejects-backup-forwarding",
        "550 Message rejected due to: SPF fail - not authorized, spf-rejects-backup-forwarding",
        "554 5.7.1 <a@example.org>: Relay access denied, forward-permanently-rejected",
        "'refuses mail just after an outage or start: 550 5.1.1 unknown', forward-permanently-rejected",
        "554 5.4.6 too many hops, forward-loop",
        "the next hop greets with our own name: mail would loop, forward-loop",
        "mx1.example.org[192.0.2.1]:25 STARTTLS: STARTTLS is not offered, forward-not-tls"
    })
    void frozenLane_isFoundByItsWords(String words, String id) {
        ProbeResult result = run(true, words);
        assertThat(result.findings()).extracting(f -> f.type().id()).containsExactly(id);
        assertThat(result.findings().get(0).severity()).isEqualTo(Severity.CRITICAL);
        assertThat(result.findings().get(0).evidence()).containsEntry("last words", words);
    }

    @Test
    void laneThatGoesOn_isOk() {
        assertThat(run(false, "550 5.7.23 SPF, some time ago").outcome()).isEqualTo(Outcome.OK);
    }

    @Test
    void sourceThatFails_isUnknown() {
        ProbeResult result = new ForwardingProbe(
                        new DomainName("example.org"),
                        () -> {
                            throw new IllegalStateException("closed");
                        },
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .run(Deadline.after(Duration.ofSeconds(5)));
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
    }
}
