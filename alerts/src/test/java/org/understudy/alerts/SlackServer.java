package org.understudy.alerts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers as Slack's webhooks do: {@code ok} unless told otherwise for the next requests. */
public final class SlackServer implements AutoCloseable {
    /** The part of the URL that must never be seen. */
    public static final String TOKEN = "T000/B000/sEcReTtOkEn";

    private record Answer(int status, String body, Map<String, String> headers) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<String> payloads = new CopyOnWriteArrayList<>();

    private SlackServer(HttpServer server) {
        this.server = server;
    }

    public static SlackServer start() throws IOException {
        SlackServer slack =
                new SlackServer(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        slack.server.createContext("/", slack::answer);
        slack.server.setExecutor(slack.threads);
        slack.server.start();
        return slack;
    }

    public SlackServer next(int status, String body) {
        return next(status, body, Map.of());
    }

    public SlackServer next(int status, String body, Map<String, String> headers) {
        answers.add(new Answer(status, body, headers));
        return this;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/services/" + TOKEN);
    }

    /** A channel to this server that does not wait between messages. */
    public NotificationChannel channel(String name, Clock clock) {
        return new Unpaced(Channels.slack(new SlackSettings(name, url()), clock));
    }

    public List<String> payloads() {
        return List.copyOf(payloads);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            payloads.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Answer answer = answers.poll();
            if (answer == null) {
                answer = new Answer(200, "ok", Map.of());
            }
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private record Unpaced(NotificationChannel channel) implements NotificationChannel {
        @Override
        public String name() {
            return channel.name();
        }

        @Override
        public String kind() {
            return channel.kind();
        }

        @Override
        public DeliveryAttempt send(Notification notification) {
            return channel.send(notification);
        }
    }
}
