package org.understudy.agent.self;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.agent.SetClock;
import org.understudy.agent.bridge.FindingSignals;
import org.understudy.agent.storage.SqliteFiles;
import org.understudy.alerts.AlertPolicy;
import org.understudy.alerts.Alerts;
import org.understudy.alerts.AlertsSettings;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Alerts that fire all the time, or end as soon as they were told, are found. */
class AlertNoiseSelfCheckTest {
    @TempDir
    Path directory;

    private final SetClock clock = new SetClock();
    private SqliteFiles files;
    private Alerts alerts;

    @BeforeEach
    void open() {
        files = new SqliteFiles(directory);
        alerts = Alerts.open(files.open("alerts.db"), AlertsSettings.of("agent.test"), List.of(), clock);
    }

    @AfterEach
    void close() {
        alerts.close(Duration.ofSeconds(1));
        files.close();
    }

    private SelfProbe probe() {
        return new SelfProbe(
                new DomainName("agent.test"),
                List.of(new AlertNoiseSelfCheck(() -> alerts.history(200), clock)),
                clock);
    }

    /** An alert about one of so many hosts fires, and is over after a while. */
    private void fire(int host, Duration after) {
        report(host, Outcome.FINDING);
        clock.advance(after);
        report(host, Outcome.OK);
        clock.advance(Duration.ofMinutes(20));
    }

    private void report(int host, Outcome outcome) {
        SelfProbe source = new SelfProbe(new DomainName("mx" + host + ".test"), List.of(), clock);
        List<Finding> findings = outcome == Outcome.OK
                ? List.of()
                : List.of(Finding.of(FindingType.SMTP_GREETING_HARD_REJECT, "mx" + host, "refuses", Map.of()));
        ProbeResult result = new ProbeResult(
                source.id(), clock.instant(), Duration.ZERO, outcome, findings, "", Map.of(), Map.of(), "");
        new FindingSignals("agent.test", java.net.URI.create("http://127.0.0.1"), AlertPolicy.immediate(), clock)
                .reports(source, result)
                .forEach(alerts::report);
    }

    private Optional<Finding> noise() {
        return probe().run(Deadline.after(Duration.ofSeconds(20))).findings().stream()
                .findFirst();
    }

    @Test
    void sameAlert_moreThanTenTimesADay() {
        for (int i = 0; i < 10; i++) {
            fire(1, Duration.ofMinutes(30));
        }
        assertThat(noise()).isEmpty();
        fire(1, Duration.ofMinutes(30));
        assertThat(noise()).hasValueSatisfying(finding -> {
            assertThat(finding.type().id()).isEqualTo("alert-noise");
            assertThat(finding.summary()).contains("mx1", "11 times");
        });
        clock.advance(Duration.ofHours(24));
        assertThat(noise()).isEmpty();
    }

    @Test
    void alertsThatEndAtOnce() {
        for (int i = 0; i < 6; i++) {
            fire(i, Duration.ofMinutes(30));
        }
        for (int i = 6; i < 9; i++) {
            fire(i, Duration.ofMinutes(1));
        }
        assertThat(noise()).as("too few to tell").isEmpty();
        fire(9, Duration.ofMinutes(1));
        assertThat(noise())
                .hasValueSatisfying(
                        finding -> assertThat(finding.summary()).contains("4 of 10 were over within 5 minutes"));
        for (int i = 10; i < 14; i++) {
            fire(i, Duration.ofMinutes(30));
        }
        assertThat(noise()).as("4 of 14").isEmpty();
    }
}
