package org.understudy.interop.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.understudy.interop.recording.Recording;
import org.understudy.interop.recording.SystemCall;

/** strace, attached to threads of a process. Confined to one thread. */
final class Tracer implements AutoCloseable {
    private static final long DETACH_SECONDS = 10;

    private final Process process;
    private final Path output;

    /**
     * Attaches; when this returns, it sees every call.
     *
     * @param options what to trace and what to inject
     */
    Tracer(List<Long> threads, List<Path> paths, List<String> options, Path output) throws IOException {
        if (threads.isEmpty()) {
            throw new IOException("there is no such thread to attach to");
        }
        this.output = output;
        List<String> command = new ArrayList<>(
                List.of("strace", "-y", "-xx", "-s", "2097152", "-e", "signal=none", "-o", output.toString()));
        for (long thread : threads) {
            command.addAll(List.of("-p", Long.toString(thread)));
        }
        for (Path path : paths) {
            command.addAll(List.of("-P", path.toString()));
        }
        command.addAll(options);
        process = new ProcessBuilder(command).start();
        BufferedReader messages =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.US_ASCII));
        int attached = 0;
        while (attached < threads.size()) {
            String line = messages.readLine();
            if (line == null) {
                throw new IOException("strace cannot attach to " + threads);
            }
            attached += line.endsWith(" attached") ? 1 : 0;
        }
    }

    /** Detaches; the calls are as they were from here on. */
    void detach() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(DETACH_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("strace does not detach");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What was seen; after {@link #detach}. */
    List<SystemCall> calls() throws IOException {
        return Recording.read(List.of(output)).moments().stream()
                .filter(Recording.Moment::isBegin)
                .map(Recording.Moment::call)
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
