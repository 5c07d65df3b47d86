package org.understudy.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.alerts.DeliveryAttempt.Outcome;

/** From report to a real HTTP server. */
class DeliveryTest {
    static {
        // Tests run beside others whose mail server throws when a client hangs up: that is not ours to fail for.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    private static final AlertPolicy ONCE = new AlertPolicy(1, 1, Duration.ZERO);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final String CHANNEL = "alert-channel-failing";
    private static final String TRIGGER = "[CRITICAL] example.org: primary MX unreachable";

    @TempDir
    private Path directory;

    private final TestClock clock = new TestClock();
    private final List<Alerts> opened = new ArrayList<>();
    private final List<SlackServer> servers = new ArrayList<>();
    private DataSource database = new org.sqlite.SQLiteDataSource();

    @BeforeEach
    void openDatabase() {
        database = TestDatabase.in(directory);
    }

    @AfterEach
    void closeAll() {
        opened.forEach(alerts -> alerts.close(GRACE));
        servers.forEach(SlackServer::close);
    }

    private SlackServer server() throws IOException {
        SlackServer server = SlackServer.start();
        servers.add(server);
        return server;
    }

    private Alerts open(NotificationChannel... channels) {
        Alerts alerts = Alerts.open(database, AlertsSettings.of("mon1"), List.of(channels), clock);
        opened.add(alerts);
        return alerts;
    }

    private Alerts start(NotificationChannel... channels) {
        Alerts alerts = open(channels);
        alerts.start();
        return alerts;
    }

    private void bad(Alerts alerts) {
        bad(alerts, "mx1.example.org");
    }

    private void bad(Alerts alerts, String... subjects) {
        Signal[] signals = List.of(subjects).stream()
                .map(subject -> TestSignals.signal(subject, Severity.CRITICAL, ONCE))
                .toArray(Signal[]::new);
        alerts.report(TestSignals.bad(clock.instant(), signals));
    }

    private void good(Alerts alerts) {
        alerts.report(TestSignals.good(clock.instant()));
    }

    private static void outbox(Alerts alerts, String... expected) {
        await().untilAsserted(() -> assertThat(alerts.notifications(100))
                .extracting(row -> row.channel() + " " + row.reason() + " " + row.status())
                .containsExactly(expected));
    }

    private static void requests(SlackServer server, int count) {
        await().untilAsserted(() -> assertThat(server.payloads()).hasSize(count));
    }

    @Test
    void triggerAndResolve_areDelivered() throws IOException {
        SlackServer slack = server();
        Alerts alerts = start(slack.channel("slack", clock));
        bad(alerts);
        outbox(alerts, "slack FIRST DELIVERED");
        clock.advance(Duration.ofMinutes(12));
        good(alerts);
        outbox(alerts, "slack RESOLVED DELIVERED", "slack FIRST DELIVERED");

        assertThat(slack.payloads().get(0)).contains(TRIGGER);
        assertThat(slack.payloads().get(1))
                .contains("[RESOLVED] example.org: primary MX unreachable (lasted 12m)")
                .doesNotContain("could not be told");
        assertThat(alerts.channels().get(0).lastSuccess()).contains(clock.instant());
    }

    @Test
    void escalationAndReminder_areDelivered() throws IOException {
        SlackServer slack = server();
        Alerts alerts = start(slack.channel("slack", clock));
        AlertPolicy hourly = ONCE.repeatedAfter(Duration.ofHours(1));
        alerts.report(TestSignals.bad(clock.instant(), TestSignals.primaryDown(Severity.WARNING, hourly)));
        requests(slack, 1);
        alerts.report(TestSignals.bad(clock.instant(), TestSignals.primaryDown(Severity.CRITICAL, hourly)));
        requests(slack, 2);
        clock.advance(Duration.ofHours(1));
        alerts.report(TestSignals.bad(clock.instant(), TestSignals.primaryDown(Severity.CRITICAL, hourly)));
        outbox(alerts, "slack REPEAT DELIVERED", "slack ESCALATED DELIVERED", "slack FIRST DELIVERED");

        assertThat(slack.payloads().get(1)).contains("It got worse and is now critical");
        assertThat(slack.payloads().get(2)).contains("(for 1h)");
    }

    @Test
    void failure_thatPasses_isTriedAgainInOrder() throws IOException {
        SlackServer slack = server().next(500, "rollup_error").next(503, "");
        Alerts alerts = start(slack.channel("slack", clock));
        bad(alerts, "mx1.example.org", "mx2.example.org");
        requests(slack, 1);
        await().until(() -> alerts.channels().get(0).lastFailure().isPresent());
        clock.advance(Duration.ofSeconds(10));
        requests(slack, 2);
        await().until(() -> alerts.channels().get(0).lastError().contains("503"));
        clock.advance(Duration.ofSeconds(10));
        outbox(alerts, "slack FIRST DELIVERED", "slack FIRST DELIVERED");

        assertThat(slack.payloads()).hasSize(4);
        assertThat(slack.payloads().subList(0, 3)).allMatch(payload -> payload.contains("mx1.example.org"));
        assertThat(slack.payloads().get(3)).contains("mx2.example.org");
        assertThat(alerts.notifications(2).get(1).attempts()).isEqualTo(3);
    }

    @Test
    void retryAfter_isHonouredForTheWholeChannel() throws IOException {
        SlackServer slack = server().next(429, "{\"retry_after\":30}", Map.of("Retry-After", "30"));
        Alerts alerts = start(slack.channel("slack", clock));
        bad(alerts, "mx1.example.org", "mx2.example.org");
        await().until(() -> alerts.channels().get(0).lastError().contains("429"));
        clock.advance(Duration.ofSeconds(29));
        // What is reported wakes the worker, so a request too early would be seen.
        bad(alerts, "mx1.example.org", "mx2.example.org", "mx3.example.org");
        await().during(Duration.ofMillis(300)).until(() -> slack.payloads().size() == 1);

        clock.advance(Duration.ofSeconds(1));
        requests(slack, 4);
    }

    @Test
    void pause_ofAChannel_outlivesARestart() throws IOException {
        SlackServer slack = server().next(429, "", Map.of("Retry-After", "600"));
        Alerts before = start(slack.channel("slack", clock));
        bad(before);
        await().until(() -> before.channels().get(0).lastError().contains("429"));
        before.close(GRACE);

        Alerts after = start(slack.channel("slack", clock));
        clock.advance(Duration.ofSeconds(599));
        bad(after);
        await().during(Duration.ofMillis(300)).until(() -> slack.payloads().size() == 1);
        clock.advance(Duration.ofSeconds(1));
        requests(slack, 2);
    }

    @Test
    void refusal_isTakenAsFinalAndTheOthersAreTold() throws IOException {
        SlackServer broken = server().next(404, "no_service").next(404, "no_service");
        SlackServer other = server();
        Alerts alerts = start(broken.channel("broken", clock), other.channel("other", clock));
        bad(alerts);
        outbox(alerts, "other FIRST DELIVERED", "other FIRST DELIVERED", "broken FIRST FAILED");
        assertThat(other.payloads()).anyMatch(payload -> payload.contains("channel broken is failing"));
        assertThat(alerts.channels()).extracting(ChannelStatus::healthy).containsExactly(false, true);
        assertThat(alerts.channels().get(0).lastError()).contains("404 no_service");

        bad(alerts, "mx1.example.org", "mx2.example.org");
        requests(broken, 2);
        requests(other, 3);
        assertThat(alerts.test("broken").outcome()).isEqualTo(Outcome.OK);
        requests(other, 4);
        assertThat(other.payloads().get(3)).contains("[RESOLVED] mon1: channel broken is failing");
        assertThat(alerts.channels()).extracting(ChannelStatus::healthy).containsExactly(true, true);
    }

    @Test
    void resolve_afterARefusedTrigger_saysBoth() throws IOException {
        SlackServer slack = server().next(404, "no_service");
        Alerts alerts = start(slack.channel("slack", clock));
        bad(alerts);
        outbox(alerts, "slack FIRST FAILED");
        good(alerts);
        outbox(alerts, "slack RESOLVED DELIVERED", "slack FIRST FAILED");

        assertThat(slack.payloads().get(1)).contains("could not be told while it lasted");
    }

    @Test
    void channel_thatFailsForFiveMinutes_isReportedOnce() throws IOException {
        SlackServer flaky = server();
        for (int i = 0; i < 4; i++) {
            flaky.next(503, "down");
        }
        SlackServer other = server();
        Alerts alerts = start(flaky.channel("flaky", clock), other.channel("other", clock));
        bad(alerts);
        for (int tries = 1; tries <= 3; tries++) {
            requests(flaky, tries);
            int seen = tries;
            await().until(() -> alerts.notifications(9).stream()
                    .anyMatch(row -> row.channel().equals("flaky")
                            && row.attempts() == seen
                            && row.status() == SentNotification.Status.PENDING));
            clock.advance(Duration.ofSeconds(150));
            assertThat(alerts.active()).noneMatch(alert -> alert.key().check().equals(CHANNEL) && seen < 3);
        }
        requests(other, 2);
        assertThat(alerts.active()).extracting(alert -> alert.key().check()).contains(CHANNEL);
        assertThat(other.payloads().get(1)).contains("[CRITICAL] mon1: channel flaky is failing");

        requests(flaky, 4);
        await().until(() -> alerts.notifications(9).stream().anyMatch(row -> row.attempts() == 4));
        clock.advance(Duration.ofMinutes(5));
        requests(other, 3);
        assertThat(other.payloads().get(2)).contains("[RESOLVED] mon1: channel flaky is failing");
    }

    @Test
    void notification_thatNeverArrives_isGivenUpAfterADay() throws IOException {
        SlackServer slack = server().next(503, "down").next(503, "down");
        Alerts alerts = start(slack.channel("slack", clock));
        bad(alerts);
        await().until(() -> alerts.channels().get(0).lastFailure().isPresent());
        clock.advance(Duration.ofHours(24));
        outbox(alerts, "slack FIRST FAILED");

        assertThat(alerts.notifications(1).get(0).detail()).startsWith("Given up after 24 h: ");
    }

    @Test
    void whatWaits_whenTheAgentStops_isSentByTheNext() throws IOException {
        SlackServer slack = server();
        Alerts before = open(slack.channel("slack", clock));
        bad(before);
        before.close(GRACE);
        assertThat(slack.payloads()).isEmpty();

        outbox(start(slack.channel("slack", clock)), "slack FIRST DELIVERED");
        assertThat(slack.payloads()).hasSize(1);
    }

    @Test
    void whatIsBeingSent_whenTheAgentStops_isSentAgain() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/services/x");
            Alerts before = start(Channels.slack(new SlackSettings("slack", url), clock));
            bad(before);
            outbox(before, "slack FIRST SENDING");
            // As a crash leaves it: another process opens the file while the row is marked.
            SlackServer slack = server();
            Alerts after = open(slack.channel("slack", clock));
            good(after);
            after.start();

            outbox(after, "slack RESOLVED DELIVERED", "slack FIRST SUPERSEDED");
            assertThat(slack.payloads()).hasSize(1);
        }
    }

    @Test
    void close_whileAChannelHangs_returnsInTimeAndKeepsTheRow() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/services/x");
            Alerts before = start(Channels.slack(new SlackSettings("slack", url), clock));
            bad(before);
            outbox(before, "slack FIRST SENDING");

            long started = System.nanoTime();
            before.close(Duration.ofMillis(100));

            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
            outbox(before, "slack FIRST PENDING");
            outbox(start(server().channel("slack", clock)), "slack FIRST DELIVERED");
        }
    }

    @Test
    void resolve_afterRestartAndConfigChange_goesToTheChannelsOfTheTrigger() throws IOException {
        SlackServer old = server();
        SlackServer kept = server();
        SlackServer added = server();
        Alerts before = start(old.channel("old", clock), kept.channel("kept", clock));
        bad(before);
        requests(old, 1);
        requests(kept, 1);
        outbox(before, "kept FIRST DELIVERED", "old FIRST DELIVERED");
        before.close(GRACE);

        Alerts between = start(kept.channel("kept", clock), added.channel("added", clock));
        good(between);
        requests(kept, 2);
        outbox(
                between,
                "kept RESOLVED DELIVERED",
                "old RESOLVED PENDING",
                "kept FIRST DELIVERED",
                "old FIRST DELIVERED");
        between.close(GRACE);
        start(old.channel("old", clock));

        requests(old, 2);
        assertThat(old.payloads().get(1)).contains("[RESOLVED]");
        assertThat(added.payloads()).isEmpty();
    }

    @Test
    void trigger_thatMayHaveArrived_isFollowedByItsResolveOnly() throws IOException {
        // An answer that is not Slack's: nobody knows whether the message was shown.
        SlackServer slack = server().next(200, "<html>welcome</html>");
        Alerts alerts = start(slack.channel("slack", clock));
        bad(alerts);
        await().until(() -> alerts.channels().get(0).lastFailure().isPresent());
        good(alerts);
        clock.advance(Duration.ofSeconds(10));

        outbox(alerts, "slack RESOLVED DELIVERED", "slack FIRST SUPERSEDED");
        assertThat(slack.payloads()).hasSize(2);
    }

    @Test
    void test_isMarkedAsOneAndLeavesNoAlert() throws IOException {
        SlackServer slack = server();
        Alerts alerts = start(slack.channel("slack", clock));

        assertThat(alerts.test("slack").outcome()).isEqualTo(Outcome.OK);

        assertThat(slack.payloads()).singleElement().asString().contains("[TEST] mon1: this is a test");
        assertThat(alerts.history(10)).isEmpty();
        assertThat(alerts.notifications(10)).isEmpty();
    }

    @Test
    void secrets_inEveryAnswer_areNotFound() throws IOException {
        SlackServer slack = server().next(404, "no such path /services/" + SlackServer.TOKEN);
        NotificationChannel channel = slack.channel("slack", clock);
        Alerts alerts = start(channel);
        bad(alerts);
        outbox(alerts, "slack FIRST FAILED");
        servers.forEach(SlackServer::close);
        String text = "" + alerts.test("slack") + alerts.channels() + alerts.notifications(9) + alerts.active()
                + channel + new SlackSettings("slack", slack.url());

        assertThat(text).contains("[secret]").doesNotContain("sEcReT").doesNotContain("/services/");
    }
}
