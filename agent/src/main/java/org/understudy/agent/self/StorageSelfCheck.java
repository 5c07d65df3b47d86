package org.understudy.agent.self;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;

/**
 * Whether what is found can be kept: writes, syncs and reads back, and looks at the space left. Some space is set aside, and given
 * up when the disk is full: what people are told is kept on the same disk, and must go through. Only when there is room for it
 * beside what has to be left is it set aside again, and the trouble over. Thread-safe.
 */
public final class StorageSelfCheck implements SelfCheck {
    private static final Logger LOG = LoggerFactory.getLogger(StorageSelfCheck.class);
    private static final String TEST_FILE = "self-check";
    private static final String RESERVE_FILE = "reserve";
    private static final int RESERVE_BYTES = 4 * 1024 * 1024;
    private static final int TEST_BYTES = 4096;

    private final Path directory;
    private final long minimumFreeBytes;
    private final Supplier<Optional<String>> database;
    private final AtomicBoolean scarce;

    /**
     * @param minimumFreeBytes less than that is trouble to come
     * @param database why the last result was not kept, if it was not
     * @param scarce set while there is too little space: what is left is for what people are told
     */
    public StorageSelfCheck(
            Path directory, long minimumFreeBytes, Supplier<Optional<String>> database, AtomicBoolean scarce) {
        this.directory = directory;
        this.minimumFreeBytes = minimumFreeBytes;
        this.database = database;
        this.scarce = scarce;
    }

    @Override
    public synchronized void look(ResultBuilder result) {
        Optional<String> unwritable = write();
        Optional<String> trouble = unwritable.or(database);
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            result.measurement("disk_free_bytes", (double) free);
            trouble = trouble.or(() -> shortage(free));
            scarce.set(shortage(free).isPresent());
            if (unwritable.isPresent() || (scarce.get() && free < RESERVE_BYTES)) {
                giveUpReserve();
            } else if (trouble.isEmpty()) {
                setAsideReserve();
            }
        } catch (IOException e) {
            trouble = trouble.or(() -> Optional.of("the space left cannot be found out: " + e.getMessage()));
        }
        trouble.ifPresent(why -> result.finding(Finding.of(
                FindingType.AGENT_STORAGE_FAILING,
                "data directory",
                "What is found cannot be kept for long in " + directory + ": " + why,
                Map.of(directory.toString(), why))));
    }

    private Optional<String> shortage(long free) {
        long toSetAside = Files.exists(reserve()) ? 0 : RESERVE_BYTES;
        return free - toSetAside < minimumFreeBytes
                ? Optional.of("only " + free / (1024 * 1024) + " MiB are left")
                : Optional.empty();
    }

    private Optional<String> write() {
        Path file = directory.resolve(TEST_FILE);
        try {
            ByteBuffer octets = ByteBuffer.allocate(TEST_BYTES);
            octets.putLong(0, System.nanoTime());
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                while (octets.hasRemaining()) {
                    channel.write(octets);
                }
                channel.force(true);
            }
            boolean same = ByteBuffer.wrap(Files.readAllBytes(file)).equals(octets.rewind());
            Files.delete(file);
            return same ? Optional.empty() : Optional.of("what was written is not what is read");
        } catch (IOException e) {
            return Optional.of("a file cannot be written: " + e.getMessage());
        }
    }

    private void giveUpReserve() {
        try {
            if (Files.deleteIfExists(reserve())) {
                LOG.error("the disk of {} is full: the reserve is given up, so that this can be told", directory);
            }
        } catch (IOException e) {
            LOG.error("the reserve in {} cannot be given up: {}", directory, e.getMessage());
        }
    }

    private void setAsideReserve() {
        if (Files.exists(reserve())) {
            return;
        }
        try {
            Files.write(reserve(), new byte[RESERVE_BYTES], StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
            LOG.warn("no reserve could be set aside in {}: {}", directory, e.getMessage());
            giveUpReserve();
        }
    }

    private Path reserve() {
        return directory.resolve(RESERVE_FILE);
    }
}
