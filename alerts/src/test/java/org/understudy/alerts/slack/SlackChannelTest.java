package org.understudy.alerts.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.alerts.DeliveryAttempt;
import org.understudy.alerts.DeliveryAttempt.Outcome;
import org.understudy.alerts.Notification;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.Secret;
import org.understudy.alerts.Severity;
import org.understudy.alerts.SlackServer;
import org.understudy.alerts.SlackSettings;
import org.understudy.alerts.TestClock;
import org.understudy.alerts.TestSignals;

class SlackChannelTest {
    private static final Notification TRIGGER = TestSignals.notification(NotifyReason.FIRST, 0, Severity.CRITICAL);

    private final TestClock clock = new TestClock();
    private SlackServer server = startServer();

    private static SlackServer startServer() {
        try {
            return SlackServer.start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void restart() throws IOException {
        server.close();
        server = SlackServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private DeliveryAttempt send() {
        return send(server.url());
    }

    private DeliveryAttempt send(URI url) {
        return new SlackChannel(new SlackSettings("slack", url), clock, Duration.ofSeconds(3)).send(TRIGGER);
    }

    @ParameterizedTest
    @CsvSource({
        "200, ok, OK, false",
        "200, 'ok but no', RETRY, true",
        "200, '', RETRY, true",
        "201, ok, RETRY, false",
        "302, moved, PERMANENT, false",
        "400, invalid_payload, PERMANENT, false",
        "403, action_prohibited, PERMANENT, false",
        "404, no_service, PERMANENT, false",
        "408, timeout, RETRY, false",
        "410, channel_is_archived, PERMANENT, false",
        "425, early, RETRY, false",
        "429, rate_limited, RETRY, false",
        "500, rollup_error, RETRY, false",
        "503, '', RETRY, false"
    })
    void answer_ofSlack_isClassified(int status, String body, Outcome outcome, boolean uncertain) {
        server.next(status, body);

        DeliveryAttempt attempt = send();

        assertThat(attempt.outcome()).isEqualTo(outcome);
        assertThat(attempt.uncertain()).isEqualTo(uncertain);
        assertThat(attempt.detail()).contains(String.valueOf(status)).contains(body);
        assertThat(server.payloads()).hasSize(1);
    }

    @Test
    void retryAfter_inSecondsOrAsDate_isRead() {
        server.next(429, "", Map.of("Retry-After", "7"))
                .next(503, "", Map.of("Retry-After", "Tue, 24 Nov 2026 13:01:30 GMT"))
                .next(429, "", Map.of("Retry-After", "soon"));

        assertThat(send().retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(send().retryAfter()).contains(Duration.ofSeconds(90));
        assertThat(send().retryAfter()).isEqualTo(Optional.empty());
    }

    @Test
    void nobody_listening_isCertainlyNotDelivered() throws IOException {
        URI closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/services/" + SlackServer.TOKEN);
        }

        DeliveryAttempt attempt = send(closed);

        assertThat(attempt.outcome()).isEqualTo(Outcome.RETRY);
        assertThat(attempt.uncertain()).isFalse();
        assertThat(attempt.detail()).contains("no connection").doesNotContain("sEcReT");
    }

    @Test
    void silence_afterTheRequest_isUncertain() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            DeliveryAttempt attempt =
                    send(URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/services/" + SlackServer.TOKEN));

            assertThat(attempt.outcome()).isEqualTo(Outcome.RETRY);
            assertThat(attempt.uncertain()).isTrue();
            assertThat(attempt.detail()).contains("did not answer").doesNotContain("sEcReT");
        }
    }

    @Test
    void body_thatQuotesTheUrl_isRedacted() {
        server.next(404, "nothing at " + server.url() + " and /services/" + SlackServer.TOKEN);

        assertThat(send().detail()).isEqualTo("Slack answered HTTP 404 nothing at [secret] and [secret]");
    }

    @Test
    void settings_withoutAUsableUrl_areRefusedWithoutShowingIt() {
        for (String url : new String[] {"hooks.slack.com/services/sEcReT", "ftp://x/sEcReT", "https://x/sEc ReT", ""}) {
            assertThatThrownBy(() -> new SlackSettings("ops", Secret.of(url), Severity.INFO))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Slack channel ops")
                    .hasMessageNotContaining("sEc")
                    .hasNoCause();
        }
    }
}
