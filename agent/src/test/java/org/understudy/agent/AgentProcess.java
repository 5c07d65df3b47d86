package org.understudy.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The packaged program as a process of its own, with the shipped configuration moved to free ports and a directory of its own.
 * It runs on the JDK of the tests, or on the one that {@code -Dunderstudy.java} names.
 */
final class AgentProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FIRST_PORT = 12_000;
    private static final int PORTS = 18_000;
    private static final List<Integer> SHIPPED_PORTS = List.of(8080, 8081, 2525, 2526, 2143, 2053, 2082, 2587);

    private final Path directory;
    /** Of the Java runtime, about an archive of classes. */
    private final String archive;

    private final Path configuration;
    private final Map<Integer, Integer> ports = new LinkedHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private @Nullable Process process;

    AgentProcess(Path directory) {
        this(directory, Classes.OPTION);
    }

    private AgentProcess(Path directory, String archive) {
        this.directory = directory;
        this.archive = archive;
        this.configuration = directory.resolve("config.yml");
        choosePorts();
        try {
            String text = Files.readString(Path.of(System.getProperty("understudy.configuration")));
            for (Map.Entry<Integer, Integer> port : ports.entrySet()) {
                text = text.replaceAll("\\b" + port.getKey() + "\\b", Integer.toString(port.getValue()));
            }
            Files.writeString(configuration, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Below those that the system gives to outgoing connections, which would be taken before the program listens. */
    private void choosePorts() {
        for (int shipped : SHIPPED_PORTS) {
            int port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            while (ports.containsValue(port) || !isFree(port)) {
                port = FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
            }
            ports.put(shipped, port);
        }
    }

    private static boolean isFree(int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (ServerSocket tcp = new ServerSocket();
                DatagramSocket udp = new DatagramSocket(null)) {
            tcp.bind(address);
            udp.bind(address);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The port that stands for one of the shipped configuration. */
    int port(int shipped) {
        return java.util.Objects.requireNonNull(ports.get(shipped));
    }

    Path configuration() {
        return configuration;
    }

    /** Starts the program and waits until it answers. */
    void start() {
        try {
            process = new ProcessBuilder(java(archive, "server", configuration.toString()))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!process().isAlive()) {
                        throw new IllegalStateException("the agent ended: " + Files.readString(log()));
                    }
                    return answers();
                });
    }

    static List<String> command(String... arguments) {
        return java(Classes.OPTION, arguments);
    }

    private static List<String> java(String option, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("understudy.java", System.getProperty("java.home")), "bin", "java")
                        .toString(),
                "-Xmx256m",
                // Most of these processes live for a second: what they would gain from the optimizing compiler and from
                // threads that collect garbage they never earn.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xlog:disable",
                option,
                "-jar",
                System.getProperty("understudy.jar")));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * The classes of a program that has started and stopped once: from an archive of them the others start in half the time. Without
     * it, or if it does not fit, they start all the same.
     */
    private static final class Classes {
        static final String OPTION = "-XX:SharedArchiveFile=" + make();

        private Classes() {}

        private static Path make() {
            Path archive = Path.of(System.getProperty("understudy.jar")).resolveSibling("classes.jsa");
            try {
                Files.deleteIfExists(archive);
                try (AgentProcess agent =
                        new AgentProcess(Files.createTempDirectory("classes"), "-XX:ArchiveClassesAtExit=" + archive)) {
                    agent.start();
                    agent.terminate();
                }
                return archive;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Path log() {
        return directory.resolve("agent.log");
    }

    private Process process() {
        return java.util.Objects.requireNonNull(process);
    }

    private boolean answers() {
        try {
            return send(HttpRequest.newBuilder(uri("/api/v1/status")).build()).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** kill -9: no goodbye, no flush. */
    void kill() {
        try {
            process().destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGTERM; the exit code, or a failure if it does not end. */
    int terminate() {
        process().destroy();
        try {
            if (!process().waitFor(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the agent does not end");
            }
            return process().exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port(8080) + path);
    }

    JsonNode get(String path) {
        try {
            return JSON.readTree(send(HttpRequest.newBuilder(uri(path)).build()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int status(String path) {
        return send(HttpRequest.newBuilder(uri(path)).build()).statusCode();
    }

    String text(URI uri) {
        return send(HttpRequest.newBuilder(uri).build()).body();
    }

    void post(String path) {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(path + ": " + response.statusCode() + " " + response.body());
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The Java that runs the program, as its metrics say. */
    String javaVersion() {
        String metrics = text(URI.create("http://127.0.0.1:" + port(8081) + "/metrics"));
        return metrics.replaceAll("(?s).*jvm_runtime_info\\{[^}]*version=\"([^\"]+)\".*", "$1");
    }

    String verdict() {
        return get("/api/v1/domains/lab.test").path("verdict").asText();
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }
}
