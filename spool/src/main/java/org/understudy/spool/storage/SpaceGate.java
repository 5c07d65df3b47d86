package org.understudy.spool.storage;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.understudy.spool.StoreHealth;

/**
 * Whether there is room: bytes and inodes. Closes at the reserve and opens again a tenth above it, so that it does not flutter.
 * Thread-safe.
 */
final class SpaceGate {
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(500).toNanos();

    private final StoreDirectory directory;
    private final long reserve;
    private final InodeWatch inodes;
    private long lookedAt;
    private boolean looked;
    private boolean bytesSuffice = true;
    private boolean inodesSuffice = true;
    private String detail = "ok";

    SpaceGate(StoreDirectory directory, long reserve, InodeWatch inodes) {
        this.directory = directory;
        this.reserve = reserve;
        this.inodes = inodes;
    }

    synchronized boolean isOpen() {
        long now = System.nanoTime();
        if (!looked || now - lookedAt > LOOK_EVERY_NANOS) {
            looked = true;
            lookedAt = now;
            look();
        }
        return bytesSuffice && inodesSuffice;
    }

    synchronized StoreHealth health() {
        return new StoreHealth(isOpen(), detail);
    }

    private void look() {
        List<String> lacking = new ArrayList<>();
        try {
            long usable = directory.usableBytes();
            bytesSuffice = usable >= (bytesSuffice ? reserve : reserve + reserve / 10);
            if (!bytesSuffice) {
                lacking.add("the disk has " + usable + " bytes left, the reserve is " + reserve);
            }
        } catch (IOException e) {
            bytesSuffice = false;
            lacking.add("the free space cannot be read: " + e.getMessage());
        }
        Optional<FreeInodes> counted = inodes.lately();
        // What cannot be counted does not limit.
        inodesSuffice = counted.map(c -> c.suffice(inodesSuffice)).orElse(true);
        counted.filter(c -> !inodesSuffice)
                .ifPresent(c -> lacking.add("the file system has " + c.free() + " of " + c.total()
                        + " inodes left, the reserve is " + c.reserve()));
        detail = lacking.isEmpty() ? "ok" : String.join("; ", lacking);
    }
}
