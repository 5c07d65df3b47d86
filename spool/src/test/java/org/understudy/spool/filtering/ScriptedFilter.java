package org.understudy.spool.filtering;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that speaks as rspamd does, and says what it is told to. Thread-safe. */
final class ScriptedFilter implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Question> questions = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile String answer = clean();
    private volatile boolean hangs;

    /** What was asked. */
    record Question(String path, Map<String, List<String>> fields, String body) {}

    private ScriptedFilter(HttpServer server) {
        this.server = server;
    }

    static ScriptedFilter start() throws IOException {
        ScriptedFilter filter =
                new ScriptedFilter(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50));
        filter.server.setExecutor(filter.threads);
        filter.server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            filter.questions.add(new Question(
                    exchange.getRequestURI().getPath(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    new String(body, StandardCharsets.ISO_8859_1)));
            if (filter.hangs) {
                filter.awaitClose();
            }
            byte[] octets = filter.answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(filter.status, octets.length);
            exchange.getResponseBody().write(octets);
            exchange.close();
        });
        filter.server.start();
        return filter;
    }

    private void awaitClose() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String clean() {
        return "{\"is_skipped\":false,\"score\":0.1,\"required_score\":15.0,\"action\":\"no action\",\"symbols\":{}}";
    }

    static String says(String action) {
        return "{\"is_skipped\":false,\"score\":20.25,\"required_score\":15.0,\"action\":\"" + action
                + "\",\"symbols\":{\"R_SPF_ALLOW\":{\"name\":\"R_SPF_ALLOW\",\"score\":-0.2},"
                + "\"SMALL\":{\"name\":\"SMALL\",\"score\":1.5},\"GTUBE\":{\"name\":\"GTUBE\",\"score\":18.95}}}";
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void answer(int code, String body) {
        status = code;
        answer = body;
    }

    void hang() {
        hangs = true;
    }

    List<Question> questions() {
        return questions;
    }

    @Override
    public void close() {
        never.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
