package org.understudy.alerts.slack;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.understudy.alerts.DeliveryAttempt;
import org.understudy.alerts.Notification;
import org.understudy.alerts.NotificationChannel;
import org.understudy.alerts.Secret;
import org.understudy.alerts.Severity;
import org.understudy.alerts.SlackSettings;
import org.understudy.alerts.http.HttpClassification;
import org.understudy.alerts.http.RetryAfter;
import org.understudy.alerts.message.MessageComposer;

/**
 * Posts to an incoming webhook. Thread-safe.
 *
 * <p>Slack takes a message only if it answers 200 with the body {@code ok}. A webhook can neither change nor answer what
 * it posted, so each message stands for itself. The URL is the only credential: it is in no log, error or status, and
 * exceptions, which may quote it, are named by their kind alone.
 */
public final class SlackChannel implements NotificationChannel {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(15);

    /** Slack allows one message per second and webhook, and may switch off those who do not care. */
    private static final Duration PACE = Duration.ofSeconds(1);

    private static final int BODY_SHOWN = 200;

    private final String name;
    private final Secret webhookUrl;
    private final Severity minimumSeverity;
    private final Clock clock;
    private final HttpClient client;
    private final Duration timeout;

    public SlackChannel(SlackSettings settings, Clock clock) {
        this(settings, clock, TOTAL_TIMEOUT);
    }

    SlackChannel(SlackSettings settings, Clock clock, Duration timeout) {
        this.name = settings.name();
        this.webhookUrl = settings.webhookUrl();
        this.minimumSeverity = settings.minimumSeverity();
        this.clock = clock;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "slack";
    }

    @Override
    public Severity minimumSeverity() {
        return minimumSeverity;
    }

    @Override
    public Duration pace() {
        return PACE;
    }

    @Override
    public DeliveryAttempt send(Notification notification) {
        String payload = SlackPayload.of(MessageComposer.compose(notification));
        HttpRequest request = HttpRequest.newBuilder(URI.create(webhookUrl.reveal()))
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(payload, StandardCharsets.UTF_8))
                .build();
        // The client's own request timeout ends with the header section; this one covers the body too.
        CompletableFuture<HttpResponse<String>> exchange =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        try {
            return judge(exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return broken(e.getCause());
        } catch (TimeoutException e) {
            exchange.cancel(true);
            return DeliveryAttempt.uncertain("Slack did not answer within " + timeout.toSeconds() + " s");
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            return DeliveryAttempt.uncertain("Stopped while sending to Slack");
        }
    }

    private static DeliveryAttempt broken(@Nullable Throwable cause) {
        if (cause instanceof HttpConnectTimeoutException) {
            return DeliveryAttempt.retry(
                    "Slack cannot be reached (no connection within " + CONNECT_TIMEOUT.toSeconds() + " s)");
        }
        if (cause instanceof ConnectException) {
            return DeliveryAttempt.retry("Slack cannot be reached (no connection)");
        }
        if (cause instanceof SSLHandshakeException) {
            return DeliveryAttempt.retry("Slack cannot be reached (TLS handshake failed)");
        }
        String kind = cause == null ? "unknown" : cause.getClass().getSimpleName();
        return DeliveryAttempt.uncertain("The connection to Slack broke (" + kind + ")");
    }

    private DeliveryAttempt judge(HttpResponse<String> response) {
        String body = response.body();
        if (response.statusCode() == 200 && body.equals("ok")) {
            return DeliveryAttempt.ok("HTTP 200 ok");
        }
        String detail = "Slack answered HTTP " + response.statusCode() + " " + shown(body);
        if (response.statusCode() == 200) {
            // Something between us and Slack answers in its place, or Slack took it and garbled the answer.
            return DeliveryAttempt.uncertain(detail + ", not \"ok\"");
        }
        Optional<Duration> retryAfter =
                response.headers().firstValue("Retry-After").flatMap(value -> RetryAfter.parse(value, clock.instant()));
        return HttpClassification.failure(response.statusCode(), retryAfter, detail);
    }

    private String shown(String body) {
        String path = URI.create(webhookUrl.reveal()).getRawPath();
        String redacted = body.replace(webhookUrl.reveal(), "[secret]");
        if (path != null && path.length() > 1) {
            redacted = redacted.replace(path, "[secret]");
        }
        String line = redacted.replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() <= BODY_SHOWN ? line : line.substring(0, BODY_SHOWN) + "…";
    }

    @Override
    public String toString() {
        return "slack " + name;
    }
}
