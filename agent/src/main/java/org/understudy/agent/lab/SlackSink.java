package org.understudy.agent.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes webhook calls on any path, keeps the newest and answers as it is told to. A call is written to the file before it is
 * answered. Thread-safe.
 */
final class SlackSink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SlackSink.class);
    private static final int KEPT = 1000;
    private static final int LARGEST_PAYLOAD = 1024 * 1024;
    private static final int THREADS = 2;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TOO_LARGE = 413;

    private final Path file;
    private final Clock clock;
    private final Supplier<SlackAnswer> answer;
    private final HttpServer server;
    private final InetSocketAddress address;
    private final ExecutorService workers;
    private final Deque<SlackCall> calls = new ArrayDeque<>();

    /**
     * One webhook call.
     *
     * @param number counts from 1, also over restarts
     * @param status the answer it got
     * @param payload as sent; a JSON string if it was no JSON
     */
    record SlackCall(long number, Instant at, String path, int status, JsonNode payload) {}

    private SlackSink(Path file, HttpServer server, Supplier<SlackAnswer> answer, Clock clock) {
        this.file = file;
        this.server = server;
        this.address = server.getAddress();
        this.answer = answer;
        this.clock = clock;
        this.workers = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "lab-slack");
            thread.setDaemon(true);
            return thread;
        });
    }

    static SlackSink start(InetSocketAddress address, Path file, Supplier<SlackAnswer> answer, Clock clock) {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw LabPorts.taken(address.getAddress(), address.getPort(), "slackPort", e);
        }
        SlackSink sink = new SlackSink(file, server, answer, clock);
        try {
            sink.load();
        } catch (IOException e) {
            sink.close();
            throw new LabException(
                    "The lab's Slack messages in " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
        server.setExecutor(sink.workers);
        server.createContext("/", sink::handle);
        server.start();
        return sink;
    }

    private void load() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
        for (String line : lines) {
            try {
                if (!line.isBlank()) {
                    keep(LabFiles.JSON.readValue(line, SlackCall.class));
                }
            } catch (JsonProcessingException e) {
                LOG.warn("a line of {} that was cut off is dropped", file);
            }
        }
        StringBuilder kept = new StringBuilder();
        for (SlackCall call : calls) {
            kept.append(LabFiles.JSON.writeValueAsString(call)).append('\n');
        }
        LabFiles.replace(file, kept.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void keep(SlackCall call) {
        calls.addLast(call);
        if (calls.size() > KEPT) {
            calls.removeFirst();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                reply(exchange, METHOD_NOT_ALLOWED, "only POST");
                return;
            }
            byte[] payload = exchange.getRequestBody().readNBytes(LARGEST_PAYLOAD + 1);
            if (payload.length > LARGEST_PAYLOAD) {
                reply(exchange, TOO_LARGE, "payload_too_large");
                return;
            }
            SlackAnswer now = answer.get();
            record(exchange.getRequestURI().getPath(), now.status(), new String(payload, StandardCharsets.UTF_8));
            if (now == SlackAnswer.RATE_LIMITED) {
                exchange.getResponseHeaders().set("Retry-After", "2");
            }
            reply(exchange, now.status(), now.body());
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, octets.length);
        exchange.getResponseBody().write(octets);
    }

    private synchronized void record(String path, int status, String payload) throws IOException {
        long number = calls.isEmpty() ? 1 : calls.getLast().number() + 1;
        SlackCall call = new SlackCall(number, clock.instant(), path, status, parse(payload));
        Files.writeString(
                file,
                LabFiles.JSON.writeValueAsString(call) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        keep(call);
    }

    private static JsonNode parse(String payload) {
        try {
            JsonNode node = LabFiles.JSON.readTree(payload);
            return node.isMissingNode() ? TextNode.valueOf(payload) : node;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(payload);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** The newest calls, oldest of them first. */
    synchronized List<SlackCall> newest() {
        return calls.stream().collect(Collectors.toUnmodifiableList());
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
