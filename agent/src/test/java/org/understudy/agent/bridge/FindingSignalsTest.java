package org.understudy.agent.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.understudy.alerts.AlertPolicy;
import org.understudy.alerts.Severity;
import org.understudy.alerts.Signal;
import org.understudy.alerts.SourceReport;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

class FindingSignalsTest {
    private static final Probe PROBE = new Probe() {
        @Override
        public String id() {
            return "smtp/example.org/mx1.example.org";
        }

        @Override
        public DomainName domain() {
            return new DomainName("example.org");
        }

        @Override
        public ProbeResult run(Deadline deadline) {
            throw new IllegalStateException("not run here");
        }
    };

    private static List<SourceReport> reports(Outcome outcome, List<Finding> findings, String cause) {
        ProbeResult result = new ProbeResult(
                PROBE.id(), Instant.EPOCH, Duration.ZERO, outcome, findings, cause, Map.of(), Map.of(), "");
        return new FindingSignals(
                        "agent.test", URI.create("http://127.0.0.1:8080"), AlertPolicy.standard(), Clock.systemUTC())
                .reports(PROBE, result);
    }

    @Test
    void finding_becomesASignal_withWhatToDo() {
        Finding finding = Finding.of(
                FindingType.PRIMARY_SMTP_UNREACHABLE, "mx1.example.org", "mx1 does not answer", Map.of("x", "refused"));
        SourceReport report = reports(Outcome.FINDING, List.of(finding), "").get(0);
        Signal signal = report.bad().get(0);
        assertThat(report.source()).isEqualTo(PROBE.id());
        assertThat(signal.key().check()).isEqualTo("primary-smtp-unreachable");
        assertThat(signal.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(signal.instruction()).isEqualTo(FindingType.PRIMARY_SMTP_UNREACHABLE.instruction());
        assertThat(signal.evidence()).containsEntry("x", "refused");
        assertThat(signal.link()).contains(URI.create("http://127.0.0.1:8080/domains/example.org"));
    }

    @Test
    void finding_hasTheLinesToPaste_behindWhatToDo() {
        Finding finding = Finding.of(FindingType.MX_BACKUP_MISSING, "mx2.example.org", "mx2 is missing", Map.of())
                .withFix("example.org. 3600 IN MX 20 mx2.example.org.");
        Signal signal =
                reports(Outcome.FINDING, List.of(finding), "").get(0).bad().get(0);
        assertThat(signal.instruction())
                .isEqualTo(
                        FindingType.MX_BACKUP_MISSING.instruction() + "\nexample.org. 3600 IN MX 20 mx2.example.org.");
        assertThat(signal.policy()).isEqualTo(AlertPolicy.standard());
    }

    @Test
    void event_isToldAtOnce() {
        Finding finding = Finding.of(FindingType.MX_RRSET_CHANGED, "example.org", "changed", Map.of());
        Signal signal =
                reports(Outcome.FINDING, List.of(finding), "").get(0).bad().get(0);
        assertThat(signal.policy()).isEqualTo(AlertPolicy.immediate());
    }

    @Test
    void ok_saysThatEverythingIsGood() {
        assertThat(reports(Outcome.OK, List.of(), ""))
                .extracting(SourceReport::source)
                .containsExactlyElementsOf(FindingSignals.sources(List.of(PROBE)));
        assertThat(reports(Outcome.OK, List.of(), "")).allMatch(r -> r.bad().isEmpty());
    }

    @Test
    void unknown_saysNothingAboutTheDomain() {
        assertThat(reports(Outcome.UNKNOWN, List.of(), "resolver down"))
                .extracting(SourceReport::source)
                .doesNotContain(PROBE.id());
    }

    @Test
    void skipped_saysNothingAboutTheDomain() {
        assertThat(reports(Outcome.SKIPPED, List.of(), "unreachable"))
                .extracting(SourceReport::source)
                .doesNotContain(PROBE.id());
    }
}
