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
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueThresholds;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

class QueueAgeProbeTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static ProbeResult run(QueueSnapshot snapshot) {
        return new QueueAgeProbe(
                        new DomainName("example.org"),
                        () -> snapshot,
                        QueueThresholds.standard(),
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .run(Deadline.after(Duration.ofSeconds(5)));
    }

    private static QueueSnapshot queue(boolean up, int ageMinutes, int upMinutes) {
        return new QueueSnapshot(
                up,
                3,
                0,
                4096,
                Optional.of(NOW.minus(Duration.ofMinutes(ageMinutes))),
                up ? Optional.of(NOW.minus(Duration.ofMinutes(upMinutes))) : Optional.empty(),
                "450 later",
                false,
                "");
    }

    @ParameterizedTest(name = "up {0}, age {1} min, up for {2} min")
    @CsvSource({
        "true, 4, 600, ",
        "true, 6, 600, queue-age-while-primary-up WARNING",
        "true, 16, 600, queue-age-while-primary-up CRITICAL",
        "true, 300, 2, ",
        "true, 300, 7, queue-age-while-primary-up WARNING",
        "false, 30, 0, ",
        "false, 61, 0, queue-growing-during-outage WARNING",
        "false, 241, 0, queue-growing-during-outage CRITICAL"
    })
    void age_isJudgedByTheStateOfThePrimary(boolean up, int age, int upFor, String finding) {
        List<String> found = run(queue(up, age, upFor)).findings().stream()
                .map(f -> f.type().id() + " " + f.severity())
                .toList();
        assertThat(found).isEqualTo(finding == null ? List.of() : List.of(finding));
    }

    @Test
    void empty_isOk() {
        assertThat(run(new QueueSnapshot(true, 0, 0, 0, Optional.empty(), Optional.empty(), "", false, ""))
                        .outcome())
                .isEqualTo(Outcome.OK);
    }

    @Test
    void quarantined_isFound() {
        ProbeResult result = run(new QueueSnapshot(true, 0, 2, 10, Optional.empty(), Optional.empty(), "", false, ""));
        assertThat(result.findings()).extracting(f -> f.type().id()).containsExactly("queue-recipient-quarantined");
    }

    @Test
    void refusedByThePrimary_isReportedElsewhere() {
        QueueSnapshot old = queue(false, 300, 0);
        assertThat(run(new QueueSnapshot(false, 3, 0, 10, old.oldestArrival(), Optional.empty(), "550 no", true, ""))
                        .outcome())
                .isEqualTo(Outcome.OK);
    }

    @Test
    void heldByOrder_isMeant() {
        QueueSnapshot old = queue(true, 300, 600);
        assertThat(run(new QueueSnapshot(
                                true, 3, 0, 10, old.oldestArrival(), old.upSince(), "", false, "frozen by ann: disks"))
                        .outcome())
                .isEqualTo(Outcome.OK);
    }
}
