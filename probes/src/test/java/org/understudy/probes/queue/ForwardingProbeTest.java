package org.understudy.probes.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
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
        return run(new ForwardingSnapshot("mx1.example.org:25", frozen, false, NOW, words, 3), Optional.of(NOW));
    }

    private static ProbeResult run(ForwardingSnapshot snapshot, Optional<Instant> primaryUpSince) {
        return new ForwardingProbe(
                        new DomainName("example.org"),
                        () -> snapshot,
                        () -> primaryUpSince,
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .run(Deadline.after(Duration.ofSeconds(5)));
    }

    @ParameterizedTest(name = "down for {0}s, primary up for {1}s")
    @CsvSource({"600, 600, backup-forward-path-blocked", "600, 10,", "10, 600,", "600, ,"})
    void laneDown_isBlocked_ifThePrimaryHasAnsweredAllTheWhile(long down, Long up, String id) {
        ForwardingSnapshot snapshot = new ForwardingSnapshot(
                "mx1.example.org:25", false, true, NOW.minusSeconds(down), "CONNECT: timed out", 3);
        ProbeResult result = run(snapshot, Optional.ofNullable(up).map(NOW::minusSeconds));
        assertThat(result.findings()).extracting(f -> f.type().id()).isEqualTo(id == null ? List.of() : List.of(id));
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
                        Optional::empty,
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .run(Deadline.after(Duration.ofSeconds(5)));
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
    }
}
