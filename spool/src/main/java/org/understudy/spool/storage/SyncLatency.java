package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

/**
 * How long it takes until four thousand octets are on stable storage, measured as the store writes: into a file whose length
 * does not change.
 *
 * @param median of all
 * @param slow all but one of a hundred are faster
 */
record SyncLatency(Duration median, Duration slow) {
    private static final int TIMES = 200;
    private static final int OCTETS = 4096;

    /** Writes to a temporary file in the directory, and removes it. */
    static SyncLatency measure(Path directory) throws IOException {
        Path file = Files.createTempFile(directory, "doctor-", ".tmp", StoreDirectory.PRIVATE_FILE);
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.WRITE))) {
            write(channel, 0, new byte[OCTETS * TIMES]);
            channel.force(true);
            long[] nanos = new long[TIMES];
            byte[] octets = new byte[OCTETS];
            for (int i = 0; i < TIMES; i++) {
                Arrays.fill(octets, (byte) (i + 1));
                long begin = System.nanoTime();
                write(channel, (long) i * OCTETS, octets);
                channel.force(false);
                nanos[i] = System.nanoTime() - begin;
            }
            return of(nanos);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    static SyncLatency of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new SyncLatency(
                Duration.ofNanos(sorted[sorted.length / 2]),
                Duration.ofNanos(sorted[Math.max(0, (int) Math.ceil(sorted.length * 0.99) - 1)]));
    }

    private static void write(FileChannel channel, long at, byte[] octets) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        while (buffer.hasRemaining()) {
            channel.write(buffer, at + buffer.position());
        }
    }
}
