package org.understudy.spool.filtering;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.Recipient;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/**
 * Asks rspamd's normal worker ({@code POST /checkv2}). Whoever is not there is left alone for some seconds, so that mail is not held
 * up by it. Thread-safe.
 */
final class Rspamd {
    private static final Logger LOG = LoggerFactory.getLogger(Rspamd.class);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);
    private static final Duration CONNECT_TIME = Duration.ofSeconds(3);
    private static final int MOST_SYMBOLS = 6;
    private static final int LARGEST_ANSWER = 1024 * 1024;
    private static final String NOTHING_TO_DO = "no action";

    private final ObjectMapper json = new ObjectMapper();
    private final URI check;
    private final HttpClient client;
    private volatile long leftAloneUntil = System.nanoTime();
    private volatile boolean silent;

    /** @param base scheme, host and port */
    Rspamd(URI base) {
        this.check = base.resolve("/checkv2");
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIME)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    Opinion examine(QueueId id, Envelope envelope, Origin origin, HeldContent content, Duration time) {
        if (System.nanoTime() - leftAloneUntil < 0) {
            return Opinion.none("rspamd did not answer a moment ago");
        }
        CompletableFuture<HttpResponse<byte[]>> exchange;
        try {
            exchange = client.sendAsync(
                    request(id, envelope, origin, content), response -> new BoundedBody(LARGEST_ANSWER));
        } catch (IOException e) {
            return Opinion.none("rspamd was not asked: " + e.getMessage());
        }
        try {
            HttpResponse<byte[]> response = exchange.get(time.toMillis(), TimeUnit.MILLISECONDS);
            answers();
            return judge(response);
        } catch (ExecutionException e) {
            return silent(String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            exchange.cancel(true);
            return silent("no answer within " + time.toMillis() + " ms");
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            return Opinion.none("stopped while rspamd was asked");
        }
    }

    private void answers() {
        if (silent) {
            silent = false;
            LOG.info("rspamd at {} answers again", check.getAuthority());
        }
    }

    private Opinion silent(String why) {
        leftAloneUntil = System.nanoTime() + LEFT_ALONE.toNanos();
        if (!silent) {
            silent = true;
            LOG.warn("rspamd at {} has no answer, mail is taken without one: {}", check.getAuthority(), why);
        }
        return Opinion.none("rspamd has no answer: " + why);
    }

    private HttpRequest request(QueueId id, Envelope envelope, Origin origin, HeldContent content) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(check)
                .header("IP", withoutScope(origin.client().getHostAddress()))
                .header("Helo", printable(origin.heloName()))
                .header("From", withoutBrackets(envelope.reversePath().toString()))
                .header("Queue-Id", id.text())
                .POST(content.body());
        for (Recipient recipient : envelope.recipients()) {
            request.header("Rcpt", withoutBrackets(recipient.path().toString()));
        }
        origin.tlsProtocol().ifPresent(version -> request.header("TLS-Version", printable(version)));
        return request.build();
    }

    private static String withoutScope(String address) {
        int scope = address.indexOf('%');
        return scope < 0 ? address : address.substring(0, scope);
    }

    private static String withoutBrackets(String path) {
        boolean bracketed = path.startsWith("<") && path.endsWith(">");
        return printable(bracketed ? path.substring(1, path.length() - 1) : path);
    }

    /** A header field of HTTP can carry no more. */
    private static String printable(String text) {
        return text.chars()
                .mapToObj(c -> c >= ' ' && c < 0x7F ? Character.toString(c) : "?")
                .collect(Collectors.joining());
    }

    private Opinion judge(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            return Opinion.none("rspamd answered HTTP " + response.statusCode());
        }
        try {
            return judge(json.readTree(response.body()));
        } catch (JsonProcessingException e) {
            return Opinion.none("rspamd's answer is no JSON");
        } catch (IOException e) {
            return Opinion.none("rspamd's answer cannot be read: " + e.getMessage());
        }
    }

    private static Opinion judge(@Nullable JsonNode answer) {
        String action = answer == null ? "" : answer.path("action").asText();
        if (answer == null || action.isEmpty()) {
            return Opinion.none("rspamd's answer has no action");
        }
        String words = String.format(
                Locale.ROOT,
                "rspamd: %s %.1f/%.1f%s",
                action,
                answer.path("score").asDouble(),
                answer.path("required_score").asDouble(),
                heaviest(answer.path("symbols")));
        return action.equals(NOTHING_TO_DO) ? Opinion.clean(words) : Opinion.suspicious(words);
    }

    private static String heaviest(JsonNode symbols) {
        List<Map.Entry<String, JsonNode>> all = new ArrayList<>();
        all.addAll(symbols.properties());
        String names = all.stream()
                .filter(symbol -> symbol.getValue().path("score").asDouble() >= 0)
                .sorted(Comparator.comparingDouble((Map.Entry<String, JsonNode> symbol) ->
                                symbol.getValue().path("score").asDouble())
                        .reversed())
                .limit(MOST_SYMBOLS)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" "));
        return names.isEmpty() ? "" : " " + names;
    }
}
