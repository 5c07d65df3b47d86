package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who holds a spool's lock, without touching it: whoever tried the lock could be in the way of one that starts, and whoever
 * opened and closed the file would release what the same process holds. Stateless.
 */
final class StoreLock {
    private static final Path LOCKS = Path.of("/proc/locks");

    private StoreLock() {}

    /** The process that uses the spool; empty if none does. */
    static Optional<Long> holder(Path lock) throws IOException {
        if (!Files.exists(lock)) {
            return Optional.empty();
        }
        Object inode = Files.getAttribute(lock, "unix:ino");
        // Not readAllLines: the kernel cannot say how long it is.
        String locks = new String(Files.newInputStream(LOCKS).readAllBytes(), StandardCharsets.US_ASCII);
        return holder(locks, ((Number) inode).longValue());
    }

    /**
     * Finds the lock of a whole file among the kernel's locks: {@code 6: POSIX  ADVISORY  WRITE 13437 00:1a:386811 0 EOF}.
     * The device is not compared: stacked file systems name another one there.
     */
    static Optional<Long> holder(String locks, long inode) {
        return locks.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(f -> f.length == 8 && f[1].equals("POSIX") && f[3].equals("WRITE") && f[7].equals("EOF"))
                .filter(f -> f[5].endsWith(":" + inode))
                .map(f -> Long.parseLong(f[4]))
                .findFirst();
    }
}
