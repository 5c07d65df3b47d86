package org.understudy.probes.policy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.understudy.probes.PolicySettings;
import org.understudy.smtp.TestAuthority;

/** The policy host of example.org on loopback, with a certificate of an authority that only the test knows. */
public final class PolicyServer implements AutoCloseable {
    public static final TestAuthority AUTHORITY = TestAuthority.named("Policy Authority");
    static final String PATH = "/.well-known/mta-sts.txt";

    /** How it answers. */
    @FunctionalInterface
    public interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpsServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Answer answer = text("");

    private PolicyServer(TestAuthority.Issued certificate) {
        try {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        server.setExecutor(workers);
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.add(exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI());
                answer.to(exchange);
            }
        });
        server.start();
    }

    public static PolicyServer start() {
        return start(AUTHORITY.issue("dns:mta-sts.example.org"));
    }

    static PolicyServer start(TestAuthority.Issued certificate) {
        return new PolicyServer(certificate);
    }

    public static Answer text(String body) {
        return reply(200, "text/plain", body);
    }

    static Answer reply(int status, String type, String body) {
        return exchange -> {
            byte[] octets = body.getBytes(StandardCharsets.UTF_8);
            if (!type.isEmpty()) {
                exchange.getResponseHeaders().add("Content-Type", type);
            }
            exchange.sendResponseHeaders(status, octets.length == 0 ? -1 : octets.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(octets);
            }
        };
    }

    public PolicyServer answers(Answer other) {
        answer = other;
        return this;
    }

    /** Host and path of what was asked for. */
    List<String> requests() {
        return requests;
    }

    int port() {
        return server.getAddress().getPort();
    }

    public PolicySettings settings() {
        return new PolicySettings(
                port(), List.of(AUTHORITY.certificate()), List.of(), java.util.Set.of(), java.util.Set.of());
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
