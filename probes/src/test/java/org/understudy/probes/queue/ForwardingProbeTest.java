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
        return run(
                new ForwardingSnapshot("mx1.example.org:25", frozen, false, NOW, words, 3, List.of()),
                Optional.of(NOW));
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
                "mx1.example.org:25", false, true, NOW.minusSeconds(down), "CONNECT: timed out", 3, List.of());
        ProbeResult result = run(snapshot, Optional.ofNullable(up).map(NOW::minusSeconds));
        assertThat(result.findings()).extracting(f -> f.type().id()).isEqualTo(id == null ? List.of() : List.of(id));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "550 5.7.23 <a@example.org>: Recipient address rejected, spf-rejects-backup-forwarding",
        "550 Message rejected due to: SPF fail - not authorized, spf-rejects-backup-forwarding",
        "550 5.7.1 rejected by the DMARC policy of example.net, dmarc-fails-via-backup",
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

    private static List<String> deferred(long arrived, String reply, long upFor) {
        ForwardingSnapshot snapshot = new ForwardingSnapshot(
                "mx1.example.org:25",
                false,
                false,
                NOW.minusSeconds(7200),
                "",
                1,
                List.of(new ForwardingSnapshot.Deferral(NOW.minusSeconds(arrived), reply)));
        return run(snapshot, Optional.of(NOW.minusSeconds(upFor))).findings().stream()
                .map(f -> f.type().id() + " " + f.severity())
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "452 4.2.2 mailbox full, primary-softfail-diversion WARNING",
        "450 4.1.1 unknown for now, primary-softfail-diversion WARNING",
        "451 4.7.1 Greylisting in action, primary-throttles-backup WARNING",
        "450 4.2.0 <a@example.org>: Recipient address rejected: Greylisted, primary-throttles-backup WARNING",
        "421 4.7.0 too many connections, primary-throttles-backup WARNING",
        "452 too many messages in this session, primary-throttles-backup WARNING"
    })
    void primaryThatPutsOff_isFoundByItsWords(String reply, String finding) {
        assertThat(deferred(600, reply, 3600)).containsExactly(finding);
    }

    @Test
    void mailOfAnOutage_isNoneThatWasDiverted() {
        assertThat(deferred(3600, "452 4.2.2 mailbox full", 600)).isEmpty();
        assertThat(deferred(600, "452 4.2.2 mailbox full", 60)).isEmpty();
        assertThat(deferred(3600, "451 4.7.1 Greylisting in action", 600)).hasSize(1);
    }

    @Test
    void laneThatTheLimitsOfThePrimaryKeepDown_isThrottled_notBlocked() {
        ForwardingSnapshot snapshot = new ForwardingSnapshot(
                "mx1.example.org:25",
                false,
                true,
                NOW.minusSeconds(600),
                "421 4.7.0 mx1.example.org Error: too many connections from 192.0.2.2",
                3,
                List.of());
        assertThat(run(snapshot, Optional.of(NOW.minusSeconds(600))).findings())
                .extracting(f -> f.type().id())
                .containsExactly("primary-throttles-backup");
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
