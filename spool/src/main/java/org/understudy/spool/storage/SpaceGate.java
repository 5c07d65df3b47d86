package org.understudy.spool.storage;

import java.io.IOException;
import java.time.Duration;
import org.understudy.spool.StoreHealth;

/**
 * Whether there is room. Closes at the reserve and opens again a tenth above it, so that it does not flutter. Thread-safe.
 */
final class SpaceGate {
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(500).toNanos();

    private final StoreDirectory directory;
    private final long reserve;
    private long lookedAt;
    private boolean looked;
    private boolean open = true;
    private String detail = "ok";

    SpaceGate(StoreDirectory directory, long reserve) {
        this.directory = directory;
        this.reserve = reserve;
    }

    synchronized boolean isOpen() {
        long now = System.nanoTime();
        if (!looked || now - lookedAt > LOOK_EVERY_NANOS) {
            looked = true;
            lookedAt = now;
            look();
        }
        return open;
    }

    synchronized StoreHealth health() {
        return new StoreHealth(isOpen(), detail);
    }

    private void look() {
        try {
            long usable = directory.usableBytes();
            long needed = open ? reserve : reserve + reserve / 10;
            open = usable >= needed;
            detail = open ? "ok" : "the disk has " + usable + " bytes left, the reserve is " + reserve;
        } catch (IOException e) {
            open = false;
            detail = "the free space cannot be read: " + e.getMessage();
        }
    }
}
