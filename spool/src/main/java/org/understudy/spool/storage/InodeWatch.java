package org.understudy.spool.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows the free inodes of a directory's file system, as of a short while ago. Java cannot ask for them, so a command does, on
 * a thread of its own: nobody who asks waits for it. Thread-safe.
 */
final class InodeWatch {
    private static final Logger LOG = LoggerFactory.getLogger(InodeWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 256;

    private final List<String> command;
    private final long lookEveryNanos;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile Optional<FreeInodes> known = Optional.empty();
    private volatile long lookedAt;

    private InodeWatch(List<String> command, Duration lookEvery) {
        this.command = command;
        this.lookEveryNanos = lookEvery.toNanos();
        this.lookedAt = System.nanoTime() - lookEveryNanos;
    }

    static InodeWatch of(Path directory) {
        return new InodeWatch(command(directory), LOOK_EVERY);
    }

    /** @param command prints free and total inodes as two numbers on one line */
    static InodeWatch by(List<String> command, Duration lookEvery) {
        return new InodeWatch(List.copyOf(command), lookEvery);
    }

    /** GNU coreutils and busybox both know these options. */
    private static List<String> command(Path directory) {
        return List.of("stat", "-f", "-c", "%d %c", directory.toAbsolutePath().toString());
    }

    /** What was found last; empty before the first look has ended, or if it cannot be found out. Never blocks. */
    Optional<FreeInodes> lately() {
        if (System.nanoTime() - lookedAt >= lookEveryNanos && looking.compareAndSet(false, true)) {
            Thread thread = new Thread(this::look, "spool-inodes");
            thread.setDaemon(true);
            thread.start();
        }
        return known;
    }

    private void look() {
        try {
            known = ask(command);
        } catch (InterruptedException e) {
            LOG.debug("interrupted while counting inodes");
        } finally {
            lookedAt = System.nanoTime();
            looking.set(false);
        }
    }

    /** Asks now and waits for the answer; empty if there is none. */
    static Optional<FreeInodes> now(Path directory) throws InterruptedException {
        return ask(command(directory));
    }

    private static Optional<FreeInodes> ask(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream out = process.getInputStream()) {
                process.getOutputStream().close();
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                    return Optional.empty();
                }
                return FreeInodes.parse(new String(out.readNBytes(LONGEST_ANSWER), StandardCharsets.US_ASCII));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.debug("inodes cannot be counted: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
