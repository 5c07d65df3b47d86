package org.understudy.interop.mail;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.understudy.interop.JavaProcess;

/** A running {@link SpoolProcess}. Confined to one thread, except {@link #kill}. */
public final class SpoolChild implements AutoCloseable {
    private static final long STOP_SECONDS = 60;

    /** Between two looks at what is waited for. */
    public static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Process process;
    private final BufferedReader out;
    private final BufferedWriter in;
    private final Settings settings;

    /**
     * What it is started with.
     *
     * @param prefix words before the command, such as those of strace
     * @param log where its complaints go
     */
    public record Settings(
            Path directory, int nextHop, long segmentBytes, long largeMessageBytes, List<String> prefix, File log) {
        public Settings {
            prefix = List.copyOf(prefix);
        }
    }

    /** A line of {@link SpoolProcess}. */
    public record Status(boolean accepting, long queued, boolean balanced, String detail) {}

    public SpoolChild(Settings settings) throws IOException {
        this.settings = settings;
        List<String> command = new ArrayList<>(settings.prefix());
        command.addAll(JavaProcess.command(
                SpoolProcess.class,
                List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dlog.level=WARN"),
                List.of(
                        settings.directory().toString(),
                        Integer.toString(settings.nextHop()),
                        Long.toString(settings.segmentBytes()),
                        Long.toString(settings.largeMessageBytes()))));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(settings.log()))
                .start();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII));
    }

    /**
     * Waits until it serves.
     *
     * @return its port
     * @throws IOException if it ended before
     */
    public int awaitPort() throws IOException {
        String line = out.readLine();
        if (line == null || !line.startsWith("LISTENING ")) {
            throw new IOException("the spool ended before it listened: " + line + "; see " + settings.log());
        }
        return Integer.parseInt(line.substring("LISTENING ".length()));
    }

    public long pid() {
        return process.pid();
    }

    public Status status() throws IOException {
        in.write("status\n");
        in.flush();
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the spool has ended; see " + settings.log());
        }
        String[] words = line.split("\t", 4);
        return new Status(
                Boolean.parseBoolean(words[0]), Long.parseLong(words[1]), Boolean.parseBoolean(words[2]), words[3]);
    }

    /**
     * Lets it live for a while.
     *
     * @throws IOException if it ends by itself
     */
    public void live(Duration time) throws IOException, InterruptedException {
        if (process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IOException("the spool has ended by itself; see " + settings.log());
        }
    }

    /** Waits until nothing is queued, but not longer than the limit; returns how it was last. */
    public Status awaitEmpty(Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        Status status = status();
        while (status.queued() > 0 && System.nanoTime() < end) {
            live(LOOK_EVERY);
            status = status();
        }
        return status;
    }

    /** Kills it as the kernel would, at once, and waits until it is gone. */
    public void kill() throws InterruptedException {
        // By its handle: the process itself would close the pipes with what is still in them.
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /** Stops it in order. */
    @Override
    public void close() throws IOException {
        try {
            in.close();
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the spool does not stop; see " + settings.log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
