package org.understudy.agent.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.probes.CanaryEvidence;
import org.understudy.probes.CanaryState;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.LaneState;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.NextHop;
import org.understudy.spool.QueueCounts.DomainQueue;

class VerdictRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    private boolean primaryUp = true;
    private boolean primaryConfirmedDown;
    private boolean backupUp = true;
    private boolean backupDeclared = true;
    private Optional<Duration> primaryProof = Optional.of(Duration.ofMinutes(1));
    private Optional<Duration> backupProof = Optional.of(Duration.ofMinutes(1));
    private Duration probeAge = Duration.ofSeconds(10);
    private Optional<HeldMail> held = Optional.empty();
    private DeclaredIntent intent = DeclaredIntent.STANDARD;
    private Optional<ProbeResult> contract = Optional.empty();
    private final List<ActiveFinding> findings = new ArrayList<>();

    private DomainVerdict judge() {
        List<ExchangerView> exchangers = new ArrayList<>();
        exchangers.add(view("mx1.example.org", Role.PRIMARY, primaryUp, primaryConfirmedDown, primaryProof));
        if (backupDeclared) {
            exchangers.add(view("mx2.example.org", Role.BACKUP, backupUp, false, backupProof));
        }
        return VerdictRules.judge(new DomainSituation(NOW, exchangers, findings, held, intent, contract));
    }

    private ExchangerView view(String host, Role role, boolean up, boolean confirmedDown, Optional<Duration> proofAge) {
        Optional<CanaryEvidence> canary = proofAge.map(age -> canary(host, age));
        return new ExchangerView(
                new Exchanger(new DomainName(host), role, 25),
                Optional.of(reachability(role, up)),
                MAX_AGE,
                confirmedDown,
                true,
                canary,
                canary,
                MAX_AGE);
    }

    private ProbeResult reachability(Role role, boolean up) {
        FindingType type =
                role == Role.PRIMARY ? FindingType.PRIMARY_SMTP_UNREACHABLE : FindingType.BACKUP_SMTP_UNREACHABLE;
        return new ProbeResult(
                "smtp/example.org/x",
                NOW.minus(probeAge),
                Duration.ofMillis(5),
                up ? Outcome.OK : Outcome.FINDING,
                up ? List.of() : List.of(Finding.of(type, "x", "x does not answer", Map.of())),
                "",
                Map.of(),
                Map.of(),
                "");
    }

    private static CanaryEvidence canary(String host, Duration age) {
        return new CanaryEvidence(
                "01",
                new DomainName("example.org"),
                new DomainName(host),
                CanaryState.SEEN,
                NOW.minus(age),
                Optional.of(NOW.minus(age)),
                "250 ok",
                Optional.of(NOW.minus(age)),
                Optional.of(Duration.ofSeconds(1)),
                List.of(host),
                true,
                "");
    }

    private void finding(FindingType type, Severity severity, boolean confirmed) {
        findings.add(new ActiveFinding(new Finding(type, severity, "s", type.title(), Map.of()), confirmed));
    }

    private HeldMail heldMail(boolean up, long queued, Duration laneAge, Duration oldest) {
        return new HeldMail(
                up,
                NOW.minus(laneAge),
                queued,
                queued == 0 ? Optional.empty() : Optional.of(NOW.minus(oldest)),
                Optional.empty());
    }

    @Test
    void bothPathsProved_nothingWrong_isProtected() {
        assertThat(judge().verdict()).isEqualTo(Verdict.PROTECTED);
        assertThat(judge().evidence()).hasSize(4).allMatch(e -> e.weight() == Evidence.Weight.FOR);
    }

    @Test
    void noBackup_isExposed_butIfDeclaredAtRisk() {
        backupDeclared = false;
        assertThat(judge().verdict()).isEqualTo(Verdict.EXPOSED);
        intent = new DeclaredIntent(true, true, false, Duration.ofDays(1), List.of());
        assertThat(judge().verdict()).isEqualTo(Verdict.AT_RISK);
        assertThat(judge().sentence()).contains("no backup, as declared");
        primaryProof = Optional.empty();
        assertThat(judge().verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void domainWithoutMail_isProtected_onlyWhileItsRecordsAreKnown() {
        intent = new DeclaredIntent(false, false, false, Duration.ofDays(1), List.of());
        assertThat(withoutMail().verdict()).isEqualTo(Verdict.UNKNOWN);
        contract = Optional.of(contract(Outcome.UNKNOWN));
        assertThat(withoutMail().verdict()).isEqualTo(Verdict.UNKNOWN);
        contract = Optional.of(contract(Outcome.OK));
        assertThat(withoutMail().verdict()).isEqualTo(Verdict.PROTECTED);
        finding(FindingType.MX_UNEXPECTED_HOST, Severity.CRITICAL, true);
        assertThat(withoutMail().verdict()).isEqualTo(Verdict.EXPOSED);
    }

    private DomainVerdict withoutMail() {
        return VerdictRules.judge(new DomainSituation(NOW, List.of(), findings, held, intent, contract));
    }

    private static ProbeResult contract(Outcome outcome) {
        return new ProbeResult(
                "dns/example.org/mx",
                NOW,
                Duration.ZERO,
                outcome,
                List.of(),
                outcome == Outcome.OK ? "" : "no answer",
                Map.of(),
                Map.of(),
                "");
    }

    @Test
    void backupProofTooOld_isNeverGreen() {
        backupProof = Optional.of(MAX_AGE.plusSeconds(1));
        assertThat(judge().verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(judge().sentence()).contains("a canary via mx2.example.org");
    }

    @Test
    void neverProved_isUnknown() {
        primaryProof = Optional.empty();
        backupProof = Optional.empty();
        assertThat(judge().verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void probesStandStill_isUnknown() {
        probeAge = MAX_AGE.plusSeconds(1);
        assertThat(judge().verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void primaryDown_backupHolds_isFailover() {
        primaryUp = false;
        primaryConfirmedDown = true;
        held = Optional.of(heldMail(false, 12, Duration.ofMinutes(5), Duration.ofMinutes(4)));
        assertThat(judge().verdict()).isEqualTo(Verdict.FAILOVER);
        assertThat(judge().sentence()).contains("mx2.example.org", "12 held");
    }

    @Test
    void primaryDown_notYetConfirmed_isAtRisk() {
        primaryUp = false;
        finding(FindingType.PRIMARY_SMTP_UNREACHABLE, Severity.CRITICAL, false);
        assertThat(judge().verdict()).isEqualTo(Verdict.AT_RISK);
        assertThat(judge().sentence()).contains("being confirmed");
    }

    @Test
    void bothDown_isExposed() {
        primaryUp = false;
        primaryConfirmedDown = true;
        backupUp = false;
        assertThat(judge().verdict()).isEqualTo(Verdict.EXPOSED);
    }

    @Test
    void primaryDown_nothingKnownOfTheBackup_isUnknown() {
        primaryConfirmedDown = true;
        probeAge = MAX_AGE.plusSeconds(1);
        assertThat(judge().verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void primaryAnswersAgain_notYetResolved_isRecovering() {
        primaryConfirmedDown = true;
        assertThat(judge().verdict()).isEqualTo(Verdict.RECOVERING);
    }

    @Test
    void backlogOfTheOutage_isRecovering() {
        held = Optional.of(heldMail(true, 500, Duration.ofMinutes(1), Duration.ofMinutes(30)));
        assertThat(judge().verdict()).isEqualTo(Verdict.RECOVERING);
    }

    @ParameterizedTest
    @CsvSource({"RECOVERING, RECOVERING", "UP, RECOVERING", "SUSPECT, PROTECTED", "DOWN, PROTECTED", "FROZEN, PROTECTED"
    })
    void laneThatOnlySuspects_isNoReturnOfThePrimary(LaneState lane, Verdict verdict) {
        LaneStatus status = new LaneStatus(
                new NextHop("127.0.0.1", 25, TlsPolicy.NONE),
                List.of(),
                lane,
                NOW.minusSeconds(1),
                Optional.empty(),
                0,
                Optional.empty(),
                0);
        Optional<Instant> came = Optional.of(NOW.minusSeconds(2));
        held = Optional.of(HeldMail.of(status, new DomainQueue(1, 0, 0, 0, 10, came, came), Optional.empty()));
        assertThat(judge().verdict()).isEqualTo(verdict);
    }

    @Test
    void mailPassingThrough_isNotABacklog() {
        held = Optional.of(heldMail(true, 3, Duration.ofHours(1), Duration.ofSeconds(1)));
        assertThat(judge().verdict()).isEqualTo(Verdict.PROTECTED);
    }

    @Test
    void criticalConfirmed_isExposed() {
        finding(FindingType.MX_BACKUP_PREFERRED_OVER_PRIMARY, Severity.CRITICAL, true);
        assertThat(judge().verdict()).isEqualTo(Verdict.EXPOSED);
    }

    @Test
    void warning_isAtRisk_infoIsNot() {
        finding(FindingType.MX_DUPLICATE_TARGET, Severity.INFO, true);
        assertThat(judge().verdict()).isEqualTo(Verdict.PROTECTED);
        finding(FindingType.TLS_CERT_EXPIRING, Severity.WARNING, true);
        assertThat(judge().verdict()).isEqualTo(Verdict.AT_RISK);
    }

    @Test
    void noBackupDeclared_isExposed() {
        backupDeclared = false;
        assertThat(judge().verdict()).isEqualTo(Verdict.EXPOSED);
    }
}
