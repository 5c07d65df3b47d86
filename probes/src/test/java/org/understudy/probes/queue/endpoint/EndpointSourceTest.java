package org.understudy.probes.queue.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.probes.QueueEndpoint;
import org.understudy.probes.QueueEndpoint.Figures;
import org.understudy.probes.QueueEndpoint.Format;
import org.understudy.probes.QueueScope;
import org.understudy.probes.QueueSnapshot;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** With pages that a web server has. */
class EndpointSourceTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final String METRICS = """
            # HELP postfix_queue_messages Messages.
            # TYPE postfix_queue_messages gauge
            postfix_queue_messages{queue="active",host="mx2.example.org"} 2
            postfix_queue_messages{queue="deferred",host="mx2.example.org"} 1.5e1
            postfix_queue_messages{queue="hold",host="mx2.example.org"} 7
            postfix_queue_messages{queue="deferred",host="mx3.example.org"} 100
            postfix_queue_octets 4096 1795680000000
            postfix_oldest_seconds{queue="active"} 60
            postfix_oldest_seconds{queue="deferred"} 7200.5
            postfix_oldest_timestamp{queue="active"} 1.795690740e+09
            postfix_oldest_timestamp{queue="deferred"} 1795687200
            postfix_nothing NaN
            """;
    private static final String JSON = """
            {"queue": {"messages": 17, "octets": "4096", "oldest": "2026-11-26T10:00:00+00:00", "age": 7200, "due": 30},
             "list": [{"n": 3}]}
            """;

    private HttpServer server;
    private ExecutorService threads;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger elsewhere = new AtomicInteger();

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        page("/metrics", METRICS);
        page("/queue.json", JSON);
        server.createContext("/elsewhere", exchange -> {
            elsewhere.incrementAndGet();
            answer(exchange, 200, METRICS);
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            answer(exchange, 302, "");
        });
        server.createContext(
                "/secret",
                exchange -> answer(
                        exchange,
                        "Bearer s3cret".equals(exchange.getRequestHeaders().getFirst("Authorization")) ? 200 : 401,
                        METRICS));
        server.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void page(String path, String text) {
        server.createContext(path, exchange -> answer(exchange, 200, text));
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, octets.length == 0 ? -1 : octets.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(octets);
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private QueueSnapshot read(Format format, String path, String authorization, Figures figures, Duration limit)
            throws IOException {
        QueueScope scope =
                new QueueScope(new DomainName("example.org"), List.of(), Optional.empty(), () -> Optional.of(NOW));
        return new EndpointSource(
                        new QueueEndpoint(format, URI.create(url(path)), authorization, figures, limit),
                        scope,
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .read(Deadline.after(Duration.ofSeconds(30)));
    }

    private QueueSnapshot read(Format format, String path, Figures figures) throws IOException {
        return read(format, path, "", figures, Duration.ofSeconds(20));
    }

    private static Figures figures(String count, @Nullable String bytes, @Nullable String age, @Nullable String time) {
        return new Figures(
                count,
                Optional.ofNullable(bytes),
                Optional.ofNullable(age),
                Optional.ofNullable(time),
                Optional.empty());
    }

    @ParameterizedTest(name = "{0}: {3}")
    @CsvSource(
            delimiter = ';',
            value = {
                "postfix_queue_messages{queue=\"deferred\",host=\"mx2.example.org\"}; postfix_oldest_seconds; ; 15; 7200",
                "postfix_queue_messages{queue=\"deferred\"}; ; postfix_oldest_timestamp; 115; 7200",
                "postfix_queue_messages; postfix_oldest_seconds{queue=\"active\"}; ; 124; 60",
                "postfix_queue_messages{queue=\"incoming\"}; postfix_oldest_seconds; ; ; ",
            })
    void metrics_areAdded_andTheOldestCounts(
            String count, @Nullable String age, @Nullable String time, @Nullable Long queued, @Nullable Long seconds)
            throws IOException {
        Figures figures = figures(count, "postfix_queue_octets", age, time);
        if (queued == null) {
            assertThatThrownBy(() -> read(Format.PROMETHEUS, "/metrics", figures))
                    .isInstanceOf(IOException.class)
                    .hasMessage(url("/metrics") + " has no number for count");
            return;
        }
        QueueSnapshot queue = read(Format.PROMETHEUS, "/metrics", figures);
        assertThat(queue.queued()).isEqualTo(queued);
        assertThat(queue.bytes()).isEqualTo(4096);
        assertThat(Duration.between(queue.oldestArrival().orElseThrow(), NOW).toSeconds())
                .isEqualTo(seconds);
        assertThat(queue.nextHopUp()).isTrue();
    }

    @Test
    void json_isFoundByPointers() throws IOException {
        QueueSnapshot queue = read(
                Format.JSON,
                "/queue.json",
                new Figures(
                        "/queue/messages",
                        Optional.of("/queue/octets"),
                        Optional.empty(),
                        Optional.of("/queue/oldest"),
                        Optional.of("/queue/due")));
        assertThat(queue.queued()).isEqualTo(17);
        assertThat(queue.bytes()).isEqualTo(4096);
        assertThat(queue.oldestArrival()).contains(NOW.minus(Duration.ofHours(2)));
        assertThat(queue.details().overdue()).contains(Duration.ofSeconds(30));
        assertThat(read(Format.JSON, "/queue.json", figures("/list/0/n", null, "/queue/age", null))
                        .oldestArrival())
                .contains(NOW.minus(Duration.ofHours(2)));
    }

    @Test
    void withoutAnAge_onlyTheCountIsKnown() throws IOException {
        QueueSnapshot queue = read(Format.JSON, "/queue.json", figures("/list/0/n", null, null, null));
        assertThat(queue.queued()).isEqualTo(3);
        assertThat(queue.oldestArrival()).isEmpty();
        assertThat(queue.details().sized()).isFalse();
    }

    @Test
    void ageThatIsNotThere_isUnknown_andNotYoung() {
        assertThatThrownBy(() -> read(
                        Format.PROMETHEUS,
                        "/metrics",
                        figures("postfix_queue_messages", null, "postfix_nothing", null)))
                .hasMessage(url("/metrics") + " has no number for oldestAge");
    }

    @Test
    void redirect_isNotFollowed() {
        assertThatThrownBy(() -> read(Format.PROMETHEUS, "/moved", figures("postfix_queue_messages", null, null, null)))
                .hasMessageStartingWith(url("/moved") + " is redirected (302), which is not followed");
        assertThat(elsewhere).hasValue(0);
    }

    @Test
    void authorization_isSent_andNeverSaid() throws IOException {
        Figures figures = figures("postfix_queue_messages", null, null, null);
        assertThat(read(Format.PROMETHEUS, "/secret", "Bearer s3cret", figures, Duration.ofSeconds(20))
                        .queued())
                .isEqualTo(124);
        assertThatThrownBy(() ->
                        read(Format.PROMETHEUS, "/secret?key=t0ken", "Bearer wr0ng", figures, Duration.ofSeconds(20)))
                .hasMessage(url("/secret") + " is answered with HTTP status 401 instead of 200");
        server.stop(0);
        assertThatThrownBy(() ->
                        read(Format.PROMETHEUS, "/secret?key=t0ken", "Bearer wr0ng", figures, Duration.ofSeconds(20)))
                .hasMessageContaining("cannot be fetched: ")
                .hasMessageNotContaining("t0ken")
                .hasMessageNotContaining("wr0ng");
        assertThat(new QueueEndpoint(
                                Format.JSON,
                                URI.create("http://mx2.example.org/q?key=t0ken"),
                                "Bearer s3cret",
                                figures,
                                Duration.ofSeconds(1))
                        .toString())
                .doesNotContain("t0ken", "s3cret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html><body>Hello</body></html>", "postfix_queue_messages many", "postfix_queue{", "17"})
    void whatIsNoPageOfMetrics_isRefused(String text) {
        page("/other", text);
        assertThatThrownBy(() -> read(Format.PROMETHEUS, "/other", figures("postfix_queue_messages", null, null, null)))
                .hasMessageStartingWith(url("/other") + " has no metrics: in \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "{", "{} {}"})
    void whatIsNoJson_isRefused(String text) {
        page("/other", text);
        assertThatThrownBy(() -> read(Format.JSON, "/other", figures("/queue", null, null, null)))
                .hasMessageStartingWith(url("/other") + " is no JSON: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e300"})
    void countThatMakesNoSense_isRefused(String number) {
        page("/other", "{\"queue\": " + number + "}");
        assertThatThrownBy(() -> read(Format.JSON, "/other", figures("/queue", null, null, null)))
                .hasMessageStartingWith(url("/other") + ": count makes no sense");
    }

    @Test
    void pageWithoutEnd_isBrokenOff() {
        server.createContext("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] line = ("# " + "x".repeat(1000) + "\n").repeat(60).getBytes(StandardCharsets.UTF_8);
            try (OutputStream out = exchange.getResponseBody()) {
                while (over.getCount() > 0) {
                    out.write(line);
                }
            }
        });
        assertThatThrownBy(
                        () -> read(Format.PROMETHEUS, "/endless", figures("postfix_queue_messages", null, null, null)))
                .hasMessage(url("/endless") + " is larger than 67108864 octets");
    }

    @Test
    void pageThatDrips_isBrokenOff() {
        server.createContext("/dripping", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("something_else 1\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThatThrownBy(() -> read(
                        Format.PROMETHEUS,
                        "/dripping",
                        "",
                        figures("postfix_queue_messages", null, null, null),
                        Duration.ofMillis(500)))
                .hasMessage(url("/dripping") + " did not come within 500 ms");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "PROMETHEUS; 1queue; it has no name at character 1",
                "PROMETHEUS; queue{state=deferred}; it has no \" at character 13",
                "PROMETHEUS; queue{state=\"deferred\"; it has no , at character 23",
                "PROMETHEUS; sum(queue); there is more at character 4",
                "JSON; queue; is no JSON pointer"
            })
    void whatCannotBeLookedFor_isRefused(Format format, String count, String why) {
        QueueEndpoint endpoint = new QueueEndpoint(
                format,
                URI.create("http://mx2.example.org/"),
                "",
                figures(count, null, null, null),
                Duration.ofSeconds(1));
        assertThatThrownBy(endpoint::checked)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("count: \"" + count + "\" ")
                .hasMessageContaining(why);
    }
}
