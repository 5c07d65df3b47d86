package org.understudy.spool.filtering;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.SpoolException;
import org.understudy.spool.storage.MemoryBudget;

/** The directory of content that waits for the word of the filters. Thread-safe. */
final class HoldingArea {
    private static final Logger LOG = LoggerFactory.getLogger(HoldingArea.class);

    private final Path directory;
    private final AtomicLong files = new AtomicLong();
    private final MemoryBudget memory = MemoryBudget.ofHeap();

    private HoldingArea(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes it and throws away what an earlier process left: nobody was told that it had been taken.
     *
     * @throws SpoolException if it cannot be used
     */
    static HoldingArea open(Path directory) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (Stream<Path> left = Files.list(directory)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                    LOG.debug("{} was left by an earlier process", file);
                }
            }
            return new HoldingArea(directory);
        } catch (IOException e) {
            throw new SpoolException(
                    "The directory " + directory + ", where mail waits for the filters, cannot be used: "
                            + e.getMessage(),
                    e);
        }
    }

    /** For what is held without a file. */
    MemoryBudget memory() {
        return memory;
    }

    /** A new empty file. */
    Path file() throws IOException {
        return Files.createFile(
                directory.resolve(files.incrementAndGet() + ".eml"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
}
