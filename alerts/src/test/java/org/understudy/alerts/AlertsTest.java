package org.understudy.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.alerts.SentNotification.Status;

/** What is decided and stored; nothing is delivered here. */
class AlertsTest {
    private static final AlertPolicy ONCE = new AlertPolicy(1, 1, Duration.ZERO);

    @TempDir
    private Path directory;

    private final TestClock clock = new TestClock();
    private DataSource database = new org.sqlite.SQLiteDataSource();

    @BeforeEach
    void open() {
        database = TestDatabase.in(directory);
    }

    private Alerts alerts(String... channels) {
        List<NotificationChannel> slack = List.of(channels).stream()
                .map(name -> Channels.slack(new SlackSettings(name, URI.create("http://127.0.0.1:1/x")), clock))
                .toList();
        return Alerts.open(database, AlertsSettings.of("mon1"), slack, clock);
    }

    private List<String> outbox(Alerts alerts) {
        return alerts.notifications(100).stream()
                .map(row -> row.channel() + " " + row.reason() + " " + row.status())
                .toList();
    }

    private void bad(Alerts alerts, Severity severity, AlertPolicy policy) {
        alerts.report(TestSignals.bad(clock.instant(), TestSignals.primaryDown(severity, policy)));
    }

    private void good(Alerts alerts) {
        alerts.report(TestSignals.good(clock.instant()));
    }

    @Test
    void counters_overARestart_goOn() {
        AlertPolicy policy = new AlertPolicy(3, 2, Duration.ZERO);
        bad(alerts("slack"), Severity.WARNING, policy);
        bad(alerts("slack"), Severity.WARNING, policy);
        assertThat(alerts("slack").active()).extracting(Alert::state).containsExactly(AlertState.PENDING);

        bad(alerts("slack"), Severity.WARNING, policy);
        assertThat(alerts("slack").active()).extracting(Alert::state).containsExactly(AlertState.FIRING);

        good(alerts("slack"));
        good(alerts("slack"));
        assertThat(alerts("slack").active()).isEmpty();
        assertThat(alerts("slack").history(10)).extracting(Alert::state).containsExactly(AlertState.RESOLVED);
    }

    @Test
    void alert_readBack_isTheSame() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.CRITICAL, ONCE);

        Alert alert = alerts.active().get(0);

        assertThat(alert.signal()).isEqualTo(TestSignals.primaryDown(Severity.CRITICAL, ONCE));
        assertThat(alert.signal().evidence().keySet()).containsExactly("Connection", "Last reply");
        assertThat(alert.since()).isEqualTo(TestClock.START);
        assertThat(alert.firedAt()).contains(TestClock.START);
        assertThat(alert.toldAt()).contains(TestClock.START);
        assertThat(alert.resolvedAt()).isEmpty();
        assertThat(alert.source()).isEqualTo(TestSignals.SOURCE);
    }

    @Test
    void activeOfADomain_followsWhatIsReported() {
        Alerts alerts = alerts("slack");
        String domain = TestSignals.primaryDown(Severity.CRITICAL, ONCE).key().domain();
        assertThat(alerts.activeOf(domain)).isEmpty();
        bad(alerts, Severity.CRITICAL, ONCE);
        assertThat(alerts.activeOf(domain)).isEqualTo(alerts.active()).hasSize(1);
        assertThat(alerts.activeOf("other.example")).isEmpty();
        bad(alerts, Severity.WARNING, ONCE);
        assertThat(alerts.activeOf(domain)).isEqualTo(alerts.active());
        good(alerts);
        good(alerts);
        assertThat(alerts.activeOf(domain)).isEmpty();
    }

    @Test
    void pending_thatGoesGood_leavesNoTrace() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.WARNING, AlertPolicy.standard());
        good(alerts);

        assertThat(alerts.active()).isEmpty();
        assertThat(alerts.history(10)).isEmpty();
        assertThat(alerts.notifications(10)).isEmpty();
    }

    @Test
    void report_ofAnotherSource_resolvesNothing() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.WARNING, ONCE);
        alerts.report(new SourceReport("dns/example.org", clock.instant(), List.of()));

        assertThat(alerts.active()).hasSize(1);
    }

    @Test
    void report_withOneOfTwoSignals_resolvesTheOther() {
        Alerts alerts = alerts("slack");
        Signal first = TestSignals.signal("mx1.example.org", Severity.WARNING, ONCE);
        Signal second = TestSignals.signal("mx2.example.org", Severity.WARNING, ONCE);
        alerts.report(TestSignals.bad(clock.instant(), first, second));
        alerts.report(TestSignals.bad(clock.instant(), second));

        assertThat(alerts.active()).extracting(alert -> alert.key().subject()).containsExactly("mx2.example.org");
    }

    @Test
    void trouble_thatComesBack_isAnotherIncident() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.WARNING, ONCE);
        good(alerts);
        bad(alerts, Severity.WARNING, ONCE);

        assertThat(alerts.history(10))
                .extracting(Alert::incident)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void resolve_soonAfterAnUnsentTrigger_spareBoth() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.CRITICAL, ONCE);
        clock.advance(Duration.ofMinutes(5));
        good(alerts);

        assertThat(outbox(alerts)).containsExactly("slack FIRST SUPERSEDED");
    }

    @Test
    void resolve_longAfterAnUnsentTrigger_isOneBriefMessage() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.CRITICAL, ONCE);
        clock.advance(Duration.ofMinutes(5).plusSeconds(1));
        good(alerts);

        assertThat(outbox(alerts)).containsExactly("slack RESOLVED PENDING", "slack FIRST SUPERSEDED");
    }

    @Test
    void escalation_beforeTheTriggerWasSent_replacesIt() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.WARNING, ONCE);
        bad(alerts, Severity.CRITICAL, ONCE);

        assertThat(outbox(alerts)).containsExactly("slack FIRST PENDING", "slack FIRST SUPERSEDED");
        assertThat(alerts.notifications(1).get(0).title()).isEqualTo("[CRITICAL] example.org: primary MX unreachable");
    }

    @Test
    void reminder_whileTheTriggerWaits_isNotAdded() {
        Alerts alerts = alerts("slack");
        AlertPolicy hourly = ONCE.repeatedAfter(Duration.ofHours(1));
        bad(alerts, Severity.WARNING, hourly);
        clock.advance(Duration.ofHours(1));
        bad(alerts, Severity.WARNING, hourly);

        assertThat(outbox(alerts)).containsExactly("slack FIRST PENDING");
    }

    @Test
    void channel_withAMinimumSeverity_hearsOnlyOfWorse() {
        NotificationChannel pager =
                Channels.slack(new SlackSettings("pager", Secret.of("http://127.0.0.1:1/x"), Severity.CRITICAL), clock);
        Alerts alerts = Alerts.open(database, AlertsSettings.of("mon1"), List.of(pager), clock);

        bad(alerts, Severity.WARNING, ONCE);
        assertThat(outbox(alerts)).isEmpty();

        bad(alerts, Severity.CRITICAL, ONCE);
        assertThat(outbox(alerts)).containsExactly("pager FIRST PENDING");
    }

    @Test
    void keepSources_ofOthers_endsTheAlert() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.WARNING, ONCE);
        alerts.keepSources(List.of(TestSignals.SOURCE));
        assertThat(alerts.active()).hasSize(1);

        alerts.keepSources(List.of("dns/example.org"));

        assertThat(alerts.active()).isEmpty();
        assertThat(alerts.history(1).get(0).closing()).contains("not in the configuration");
    }

    @Test
    void old_alertsAndNotifications_areForgotten() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.WARNING, ONCE);
        good(alerts);
        bad(alerts, Severity.WARNING, ONCE);
        clock.advance(Duration.ofDays(91));
        bad(alerts, Severity.WARNING, ONCE);

        assertThat(alerts.history(10)).extracting(Alert::state).containsExactly(AlertState.FIRING);
        assertThat(outbox(alerts)).containsExactly("slack FIRST PENDING");
    }

    @Test
    void notifications_forAChannelThatIsGone_areGivenUpAfterADay() {
        bad(alerts("slack", "gone"), Severity.WARNING, ONCE);
        clock.advance(Duration.ofHours(23));
        assertThat(outbox(alerts("slack"))).containsExactly("gone FIRST PENDING", "slack FIRST PENDING");

        clock.advance(Duration.ofHours(2));
        assertThat(outbox(alerts("slack"))).containsExactly("gone FIRST FAILED", "slack FIRST PENDING");
    }

    @Test
    void open_inAFileWithOtherTables_keepsThem() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE somebody_elses (id INTEGER)");
        }
        bad(alerts("slack"), Severity.WARNING, ONCE);

        assertThat(alerts("slack").active()).hasSize(1);
    }

    @Test
    void notification_inTheOutbox_isWaiting() {
        Alerts alerts = alerts("slack");
        bad(alerts, Severity.WARNING, ONCE);
        clock.advance(Duration.ofMinutes(3));

        assertThat(alerts.notifications(1).get(0).status()).isEqualTo(Status.PENDING);
        ChannelStatus status = alerts.channels().get(0);
        assertThat(status.pending()).isEqualTo(1);
        assertThat(status.oldestPending()).contains(Duration.ofMinutes(3));
        assertThat(status.healthy()).isTrue();
    }

    @Test
    void open_withTwoChannelsOfOneName_isRefused() {
        assertThatThrownBy(() -> alerts("slack", "slack")).hasMessageContaining("called slack");
    }

    @Test
    void report_withAKeyTwice_isRefused() {
        Signal signal = TestSignals.primaryDown(Severity.INFO, ONCE);
        assertThatThrownBy(() -> TestSignals.bad(clock.instant(), signal, signal))
                .hasMessageContaining("twice");
    }

    @Test
    void test_ofAnUnknownChannel_namesTheKnown() {
        assertThatThrownBy(() -> alerts("slack").test("slak")).hasMessageContaining("[slack]");
    }
}
