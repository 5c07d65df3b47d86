package org.understudy.agent.self;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;

/**
 * Feeds a dead man's switch: a service elsewhere that tells people when it has heard nothing for a while. It hears of an agent that
 * does all of its work, every probe in time and every result kept; of one that merely lives, it does not. Thread-safe.
 */
public final class HeartbeatSelfCheck implements SelfCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MISSED = 3;
    private static final int OK = 200;
    private static final int NOT_OK = 300;

    private final URI url;
    private final Duration interval;
    private final Supplier<Optional<String>> unfit;
    private final Clock clock;
    private final HttpClient client;
    private Instant fed;
    private Instant next;
    private String trouble = "";

    /**
     * @param url fetched with GET to feed the switch; may hold a secret, and is never shown
     * @param unfit why the agent does not do all of its work, if so
     */
    public HeartbeatSelfCheck(URI url, Duration interval, Supplier<Optional<String>> unfit, Clock clock) {
        this.url = url;
        this.interval = interval;
        this.unfit = unfit;
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.fed = clock.instant();
        this.next = fed;
    }

    @Override
    public synchronized void look(ResultBuilder result) {
        Instant now = clock.instant();
        if (!now.isBefore(next)) {
            trouble = unfit.get().map(why -> "it was not sent: " + why).orElseGet(this::send);
            if (trouble.isEmpty()) {
                fed = now;
                next = now.plus(interval);
            }
        }
        Duration silence = Duration.between(fed, now);
        result.measurement("heartbeat_age_seconds", silence.toMillis() / 1000.0);
        if (silence.compareTo(interval.multipliedBy(MISSED)) > 0) {
            Map<String, String> evidence = new LinkedHashMap<>();
            evidence.put("service", url.getHost());
            evidence.put("last heartbeat", fed.toString());
            evidence.put("trouble", trouble);
            result.finding(Finding.of(
                    FindingType.AGENT_HEARTBEAT_MISSING,
                    "heartbeat",
                    "No heartbeat has gone to " + url.getHost() + " for " + silence.toSeconds() + " s: " + trouble,
                    evidence));
        }
    }

    /** What went wrong, or nothing. */
    private String send() {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(url).timeout(PATIENCE).GET().build();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= OK && status < NOT_OK ? "" : "the service answered HTTP " + status;
        } catch (IOException e) {
            // Its words may hold the URL.
            return "the service cannot be reached (" + e.getClass().getSimpleName() + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the agent stops";
        }
    }
}
