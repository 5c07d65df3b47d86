package org.understudy.probes.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.BackupArrivals;
import org.understudy.probes.BackupArrivals.Arrival;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

class BackupUseProbeTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static ProbeResult run(DeclaredIntent intent, BackupArrivals arrivals, Optional<Duration> up) {
        return new BackupUseProbe(
                        new MailDomain(new DomainName("example.org"), List.of(), intent),
                        arrivals,
                        () -> up.map(NOW::minus),
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .run(Deadline.after(Duration.ofSeconds(5)));
    }

    private static BackupArrivals messages(int number, Duration age) {
        List<Arrival> all = IntStream.range(0, number)
                .mapToObj(i -> new Arrival(NOW.minus(age), "192.0.2." + i % 2))
                .toList();
        return () -> all;
    }

    @ParameterizedTest(name = "{0} messages {1} s ago, primary up for {2} s")
    @CsvSource({"5, 60, 900, true", "4, 60, 900, false", "50, 301, 900, false", "50, 60, 899, false", "50, 60, , false"
    })
    void muchMail_isFound_ifThePrimaryHasLongBeenUp(int number, long age, Long up, boolean found) {
        ProbeResult result = run(
                DeclaredIntent.STANDARD,
                messages(number, Duration.ofSeconds(age)),
                Optional.ofNullable(up).map(Duration::ofSeconds));
        assertThat(result.findings())
                .extracting(f -> f.type().id())
                .isEqualTo(found ? List.of("backup-used-while-primary-up") : List.of());
    }

    @Test
    void evidence_saysWhoBringsIt() {
        ProbeResult result =
                run(DeclaredIntent.STANDARD, messages(7, Duration.ofSeconds(9)), Optional.of(Duration.ofHours(1)));
        assertThat(result.findings().get(0).evidence())
                .containsEntry("192.0.2.0", "4 messages")
                .containsEntry("192.0.2.1", "3 messages")
                .containsEntry("clients", "2");
    }

    @Test
    void sideBySide_isMeant() {
        DeclaredIntent intent = new DeclaredIntent(true, false, true, Duration.ofDays(1), List.of());
        assertThat(run(intent, messages(50, Duration.ofSeconds(9)), Optional.of(Duration.ofHours(1)))
                        .outcome())
                .isEqualTo(Outcome.OK);
    }

    @Test
    void sourceThatFails_isUnknown() {
        BackupArrivals broken = () -> {
            throw new IllegalStateException("closed");
        };
        assertThat(run(DeclaredIntent.STANDARD, broken, Optional.of(Duration.ofHours(1)))
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);
    }
}
