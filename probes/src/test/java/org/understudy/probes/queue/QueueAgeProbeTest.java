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
import org.understudy.probes.QueueRetention;
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

    private static List<String> found(Duration retention, long expired, Duration age, QueueThresholds thresholds) {
        QueueSnapshot queue = new QueueSnapshot(
                false,
                3,
                0,
                4096,
                Optional.of(NOW.minus(age)),
                Optional.empty(),
                "",
                false,
                "",
                new QueueRetention(Optional.of(retention), expired));
        return new QueueAgeProbe(
                        new DomainName("example.org"), () -> queue, thresholds, Clock.fixed(NOW, ZoneOffset.UTC))
                .run(Deadline.after(Duration.ofSeconds(5))).findings().stream()
                        .map(f -> f.type().id() + " " + f.severity() + ": " + f.summary())
                        .toList();
    }

    @ParameterizedTest(name = "retention {0} h, {1} expired, oldest {2} h")
    @CsvSource({
        // From 90 %, or a day before the first expiry.
        "336, 0, 302, ",
        "336, 0, 303, '3 recipient(s) of mail for example.org wait, and the first expires in 33 h'",
        "168, 0, 143, ",
        "168, 0, 144, '3 recipient(s) of mail for example.org wait, and the first expires in 24 h'",
        "336, 7, 1, '7 recipient(s) of mail for example.org waited longer than 14 d and are kept until somebody decides'",
        "336, 2, 400, '2 recipient(s) of mail for example.org waited longer than 14 d and are kept until somebody decides;"
                + " 3 recipient(s) of mail for example.org wait, the oldest for 16 d: what was released does not expire again'"
    })
    void retention_isRunningOut(int retention, long expired, int age, String summary) {
        List<String> found =
                found(Duration.ofHours(retention), expired, Duration.ofHours(age), QueueThresholds.standard());
        assertThat(found)
                .filteredOn(f -> f.startsWith("queue-older"))
                .isEqualTo(summary == null ? List.of() : List.of("queue-older-than-retention CRITICAL: " + summary));
    }

    @ParameterizedTest(name = "retention {0} min, oldest {1} min: {2}")
    @CsvSource({"60, 29, ", "60, 30, WARNING", "60, 45, CRITICAL", "20160, 45, ", "20160, 60, WARNING"})
    void outage_isWorse_withHalfOfTheRetention(int retention, int age, String severity) {
        List<String> found = found(
                Duration.ofMinutes(retention),
                0,
                Duration.ofMinutes(age),
                QueueThresholds.standard().withAnyRetention());
        assertThat(found)
                .filteredOn(f -> f.startsWith("queue-growing"))
                .allSatisfy(f -> assertThat(f).startsWith("queue-growing-during-outage " + severity + ":"))
                .hasSize(severity == null ? 0 : 1);
    }

    @Test
    void retention_underFiveDays_isTooShort_butNotInTheLab() {
        Duration brief = Duration.ofHours(119);
        assertThat(found(brief, 0, Duration.ZERO, QueueThresholds.standard()))
                .containsExactly("queue-retention-too-short WARNING: Mail for example.org is kept for 4 d:"
                        + " an outage over a long weekend takes 5 d");
        assertThat(found(brief, 0, Duration.ZERO, QueueThresholds.standard().withAnyRetention()))
                .isEmpty();
        assertThat(found(Duration.ofDays(5), 0, Duration.ZERO, QueueThresholds.standard()))
                .isEmpty();
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
