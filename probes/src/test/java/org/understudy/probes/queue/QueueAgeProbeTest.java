package org.understudy.probes.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.MovableClock;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.QueueDetails;
import org.understudy.probes.QueueRetention;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.QueueSource;
import org.understudy.probes.QueueThresholds;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

class QueueAgeProbeTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    private static ProbeResult run(QueueSnapshot snapshot) {
        return new QueueAgeProbe(
                        new DomainName("example.org"),
                        deadline -> snapshot,
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
                new QueueRetention(Optional.of(retention), expired),
                QueueDetails.NONE);
        return new QueueAgeProbe(
                        new DomainName("example.org"), deadline -> queue, thresholds, Clock.fixed(NOW, ZoneOffset.UTC))
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

    private static QueueSnapshot elsewhere(
            boolean up, long queued, Optional<Instant> oldest, Optional<Instant> upSince, QueueDetails details) {
        return new QueueSnapshot(
                up,
                queued,
                0,
                10 * queued,
                oldest,
                upSince,
                "refused",
                false,
                "",
                new QueueRetention(Optional.of(Duration.ofDays(5)), 0),
                details);
    }

    private static QueueAgeProbe ofHost(QueueSource source, Clock clock) {
        return new QueueAgeProbe(
                new DomainName("example.org"),
                new DomainName("mx2.example.org"),
                source,
                QueueThresholds.standard(),
                clock);
    }

    private static ProbeResult runOnce(QueueSource source) {
        return ofHost(source, Clock.fixed(NOW, ZoneOffset.UTC)).run(Deadline.after(Duration.ofSeconds(5)));
    }

    @Test
    void queueOfAServer_isSpokenOfByItsName() {
        Optional<Instant> old = Optional.of(NOW.minus(Duration.ofMinutes(100)));
        ProbeResult down = runOnce(d -> elsewhere(false, 3, old, Optional.empty(), QueueDetails.NONE));
        assertThat(down.probeId()).isEqualTo("queue/example.org/mx2.example.org");
        assertThat(down.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.type().id()).isEqualTo("queue-growing-during-outage");
            assertThat(finding.subject()).isEqualTo("mx2.example.org");
            assertThat(finding.summary())
                    .isEqualTo("3 message(s) for example.org wait at mx2.example.org, the oldest for 100 min, while the"
                            + " primary is not seen to be up");
            assertThat(finding.evidence()).containsEntry("last error", "refused");
        });
        ProbeResult up =
                runOnce(d -> elsewhere(true, 3, old, Optional.of(NOW.minus(Duration.ofDays(3))), QueueDetails.NONE));
        assertThat(up.findings())
                .extracting(f -> f.type().id(), f -> f.subject())
                .containsExactly(tuple("queue-age-while-primary-up", "mx2.example.org"));
    }

    @ParameterizedTest(name = "kept for {0} h, oldest {1} h")
    @CsvSource({
        "12, 0, 'queue-retention-too-short WARNING: Mail for example.org is kept at mx2.example.org for 12 h: an outage over"
                + " a long weekend takes 5 d'",
        "120, 96, 'queue-older-than-retention CRITICAL: 3 message(s) for example.org wait at mx2.example.org, and the first"
                + " expires in 24 h'",
        "120, 130, 'queue-older-than-retention CRITICAL: 3 message(s) for example.org wait at mx2.example.org, the oldest for"
                + " 5 d, longer than the 5 d that it is said to be kept'"
    })
    void retentionOfAServer_isJudged(int retention, int age, String expected) {
        ProbeResult result = runOnce(d -> new QueueSnapshot(
                false,
                3,
                0,
                10,
                Optional.of(NOW.minus(Duration.ofHours(age))),
                Optional.empty(),
                "",
                false,
                "",
                new QueueRetention(Optional.of(Duration.ofHours(retention)), 0),
                QueueDetails.NONE));
        assertThat(result.findings())
                .filteredOn(f -> !f.type().id().equals("queue-growing-during-outage"))
                .extracting(f -> f.type().id() + " " + f.severity() + ": " + f.summary())
                .containsExactly(expected);
        assertThat(result.measurements()).containsKey("retention_used").doesNotContainKey("expired");
    }

    @Test
    void queueThatCannotBeRead_isUnknown_withItsCause() {
        ProbeResult result = runOnce(d -> {
            throw new IOException("postqueue ended with 69: mail system is down");
        });
        assertThat(result.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(result.cause())
                .isEqualTo("the queue at mx2.example.org cannot be read: postqueue ended with 69: mail system is down");
    }

    @Test
    void whatIsNotKnown_isNotMeasured() {
        QueueDetails details = new QueueDetails(
                Optional.of(Duration.ofMinutes(7)),
                Optional.empty(),
                OptionalLong.of(2),
                false,
                Optional.empty(),
                Optional.empty(),
                Map.of("states", "deferred 3"));
        ProbeResult result = runOnce(d -> elsewhere(false, 3, Optional.empty(), Optional.empty(), details));
        assertThat(result.outcome()).isEqualTo(Outcome.OK);
        assertThat(result.measurements())
                .isEqualTo(Map.of("queued", 3.0, "oldest_due_age_seconds", 420.0, "held", 2.0));
        assertThat(result.facts()).containsEntry("states", "deferred 3");
    }

    @ParameterizedTest(name = "next attempt in {0} min: {1}")
    @CsvSource({"0, false", "17, false", "18, false", "19, true", "240, true"})
    void retries_thatAreFarApart_areFound_whetherThePrimaryIsUpOrNot(int minutes, boolean found) {
        QueueDetails details = new QueueDetails(
                Optional.of(Duration.ZERO),
                Optional.of(Duration.ofMinutes(minutes)),
                OptionalLong.empty(),
                true,
                Optional.empty(),
                Optional.empty(),
                Map.of());
        for (boolean up : List.of(true, false)) {
            ProbeResult result = runOnce(d -> elsewhere(up, 3, Optional.empty(), Optional.empty(), details));
            assertThat(result.measurements()).containsEntry("longest_wait_seconds", 60.0 * minutes);
            assertThat(result.findings())
                    .extracting(f -> f.type().id() + " " + f.severity() + ": " + f.summary())
                    .isEqualTo(
                            found
                                    ? List.of(
                                            "queue-retry-too-slow WARNING: Mail for example.org waits at"
                                                    + " mx2.example.org for up to " + minutes
                                                    + " min before it is tried again, whether or not the primary is back by then")
                                    : List.of());
        }
    }

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({"50, 50, false", "51, 51, true", "51, 254, true", "51, 255, false"})
    void noticesAreFound_whenThereAreMany(long without, long messages, boolean found) {
        QueueDetails details = new QueueDetails(
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                true,
                Optional.empty(),
                Optional.of(new QueueDetails.Senders(without, messages)),
                Map.of());
        ProbeResult result = runOnce(d -> elsewhere(true, 0, Optional.empty(), Optional.empty(), details));
        assertThat(result.findings())
                .extracting(f -> f.type().id(), f -> f.subject())
                .isEqualTo(found ? List.of(tuple("queue-null-sender-backlog", "mx2.example.org")) : List.of());
    }

    /** Looks at a queue as it changes. */
    private static final class Course {
        private final MovableClock clock = new MovableClock();
        private final Instant upSince = clock.instant();
        private QueueSnapshot now = elsewhere(false, 0, Optional.empty(), Optional.empty(), QueueDetails.NONE);
        private final QueueAgeProbe probe = ofHost(deadline -> now, clock);

        ProbeResult after(Duration time, long queued) {
            clock.advance(time);
            now = elsewhere(
                    true,
                    queued,
                    Optional.of(upSince.minus(Duration.ofHours(10))),
                    Optional.of(upSince),
                    QueueDetails.of(Duration.ZERO, new QueueDetails.Room(1000 * queued, 5_000_000)));
            return probe.run(Deadline.after(Duration.ofSeconds(5)));
        }
    }

    @Test
    void backlogThatShrinks_isJudgedByWhenItWillBeEmpty() {
        Course course = new Course();
        assertThat(course.after(Duration.ZERO, 60_000).measurements()).doesNotContainKey("drain_per_second");
        ProbeResult first = course.after(Duration.ofMinutes(5), 60_000 - 5 * 3000);
        assertThat(first.measurements().get("drain_per_second")).isCloseTo(50.0, within(0.5));
        assertThat(first.measurements().get("eta_empty_seconds")).isCloseTo(900.0, within(20.0));
        assertThat(first.outcome()).isEqualTo(Outcome.OK);
        // Older looks than those of the last minutes do not count.
        ProbeResult slow = course.after(Duration.ofMinutes(10), 45_000 - 600);
        assertThat(slow.measurements().get("drain_per_second")).isCloseTo(1.0, within(0.1));
        assertThat(slow.findings())
                .extracting(f -> f.type().id() + " " + f.severity())
                .containsExactly("queue-age-while-primary-up CRITICAL");
        ProbeResult better = course.after(Duration.ofMinutes(10), 30_000);
        assertThat(better.findings()).isEmpty();
    }

    @Test
    void backlogThatGrows_isJudgedByItsAge_andItsPlaceFills() {
        Course course = new Course();
        course.after(Duration.ZERO, 1000);
        ProbeResult result = course.after(Duration.ofMinutes(10), 1600);
        assertThat(result.measurements().get("drain_per_second")).isCloseTo(-1.0, within(0.1));
        assertThat(result.measurements()).doesNotContainKey("eta_empty_seconds");
        assertThat(result.measurements().get("eta_full_seconds")).isCloseTo(5000.0, within(100.0));
        assertThat(result.findings())
                .extracting(f -> f.type().id() + " " + f.severity())
                .containsExactly("queue-age-while-primary-up WARNING");
        assertThat(course.after(Duration.ofMinutes(10), 0).measurements()).containsEntry("eta_empty_seconds", 0.0);
    }

    @Test
    void looksThatAreRare_areComparedWithTheOneBefore_andNeverWithOneOfYesterday() {
        Course course = new Course();
        course.after(Duration.ZERO, 1000);
        assertThat(course.after(Duration.ofMinutes(30), 100).measurements()).containsKey("drain_per_second");
        assertThat(course.after(Duration.ofHours(20), 10).measurements()).doesNotContainKey("drain_per_second");
        // The clock is set back.
        assertThat(course.after(Duration.ofHours(-1), 10).measurements()).doesNotContainKey("drain_per_second");
        assertThat(course.after(Duration.ofMinutes(1), 10).measurements()).containsEntry("drain_per_second", 0.0);
    }
}
