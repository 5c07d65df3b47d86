package org.understudy.bench.domains;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The agent in a process of its own, and what that process costs. Confined to one thread. */
final class WatchedAgent implements AutoCloseable {
    private static final int TICKS_A_SECOND = 100;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final long LOOK_EVERY_MILLIS = 200;
    private static final Duration START = Duration.ofMinutes(3);

    private final Process process;
    private final URI metrics;
    private final HttpClient client = HttpClient.newHttpClient();

    private WatchedAgent(Process process, URI metrics) {
        this.process = process;
        this.metrics = metrics;
    }

    /** Returns when it answers. */
    static WatchedAgent start(Path jar, Path configuration, int heapMegabytes, int admin)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx" + heapMegabytes + "m",
                        "-jar",
                        jar.toString(),
                        "server",
                        configuration.toString()))
                .redirectErrorStream(true)
                .redirectOutput(configuration.resolveSibling("agent.log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        WatchedAgent agent = new WatchedAgent(process, URI.create("http://127.0.0.1:" + admin + "/metrics"));
        long end = System.nanoTime() + START.toNanos();
        while (!agent.answers()) {
            if (process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                agent.close();
                throw new IllegalStateException("the agent does not start: see agent.log");
            }
        }
        return agent;
    }

    private boolean answers() throws InterruptedException {
        try {
            return !metrics().lateness().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    Metrics metrics() throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(metrics).timeout(Duration.ofMinutes(1)).build();
        return new Metrics(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** Time that it has had processors, its own and that of the system for it. */
    Duration cpu() throws IOException {
        String stat = Files.readString(proc("stat"));
        // Behind the name of the process, which may hold anything.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS]);
        return Duration.ofMillis(ticks * 1000 / TICKS_A_SECOND);
    }

    /** A value of its status, for example {@code VmRSS} in KiB or {@code Threads}. */
    long status(String name) throws IOException {
        try (var lines = Files.lines(proc("status"))) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.replaceAll("\\D", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(30, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
