package org.understudy.agent.storage;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.agent.cli.StartupException;

/**
 * Keeps the data directory for one agent: two with the same would send each canary and tell each alert twice. The system gives the
 * lock up when the process ends, however it ends. Where locks do not reach the other machines that share the directory, or the locked
 * file was deleted, a file with a token tells who else has come. Thread-safe.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);
    /** Another agent shows itself anew at each of its looks: one that does not is gone. */
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private final Path holder;
    private final String token;
    /** Opened once: the system drops the lock as soon as any channel of the same file is closed. */
    private final FileChannel lock;

    private final Clock clock;
    private String intruder = "";
    private Instant seen = Instant.MIN;

    private DirectoryLock(Path holder, String token, FileChannel lock, Clock clock) {
        this.holder = holder;
        this.token = token;
        this.lock = lock;
        this.clock = clock;
    }

    /**
     * Takes the directory, which is made unless it is there.
     *
     * @throws StartupException if another process has it, or it cannot be written
     */
    public static DirectoryLock take(Path directory, Clock clock) {
        SqliteFiles.createDirectory(directory);
        Path holder = directory.resolve("holder");
        String token = "process " + ManagementFactory.getRuntimeMXBean().getName() + " since " + clock.instant()
                + ", token " + UUID.randomUUID();
        try {
            FileChannel lock =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!isOurs(lock)) {
                lock.close();
                throw new StartupException(
                        "The data directory " + directory + " is in use by another agent (" + read(holder)
                                + "): stop it, or set agent.dataDirectory to another.",
                        null);
            }
            Files.writeString(holder, token);
            return new DirectoryLock(holder, token, lock, clock);
        } catch (IOException e) {
            throw new StartupException(
                    "The data directory " + directory + " cannot be locked: " + e.getMessage() + ".", e);
        }
    }

    private static boolean isOurs(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String read(Path holder) throws IOException {
        try {
            return Files.readString(holder);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** Who else has the directory now, or had it a moment ago. */
    public synchronized Optional<String> intruder() {
        try {
            String said = read(holder);
            if (!said.equals(token)) {
                // For the other one to see, and for us to see whether there is one again.
                Files.writeString(holder, token);
            }
            if (!said.equals(token) && !said.isEmpty()) {
                intruder = said;
                seen = clock.instant();
            }
        } catch (IOException e) {
            LOG.warn("it cannot be found out who else uses {}: {}", holder.getParent(), e.getMessage());
        }
        boolean recent = !intruder.isEmpty() && seen.plus(REMEMBERED).isAfter(clock.instant());
        return recent ? Optional.of(intruder) : Optional.empty();
    }

    @Override
    public synchronized void close() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("the lock of {} cannot be closed", holder.getParent(), e);
        }
    }
}
