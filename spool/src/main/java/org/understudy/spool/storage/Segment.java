package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The segment that is being appended to. Confined to the committer's thread; no other thread may touch its file, because an
 * interrupt would close it.
 *
 * <p>Every record begins with a random number that only this segment has. By it the next record is found behind a damaged one,
 * and nothing that a sender put into a message can pass for a record.
 */
final class Segment {
    static final int MAGIC = 0x55535047; // "USPG"
    static final int FORMAT = 3;
    /** Magic, format, number, mark. */
    static final int HEADER_BYTES = 24;
    /** Mark, length, CRC32C, type. */
    static final int RECORD_HEADER_BYTES = 17;

    private static final int NAME_DIGITS = 12;

    private static final SecureRandom RANDOM = new SecureRandom();
    /** Zeros are written ahead in steps of this size, so that a sync need not update the length of the file. */
    private static final int PREALLOCATION = 4 * 1024 * 1024;
    /**
     * To write so much takes as long as to update the length, so that zeros before it would only make it twice as much; and as
     * much as goes past the page cache, whose new pages would take longer than the disk.
     */
    private static final int LARGE_WRITE = 96 * 1024;

    private static final int LARGE_SHARE = 8;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(256 * 1024);
    private static final int STAGING_BYTES = 1024 * 1024;

    private final long number;
    private final long mark;
    private final SegmentFile file;
    private final long capacity;
    private final ByteBuffer staging;
    private long position;
    private long synced;
    private long written;
    private long allocated;

    private Segment(long number, long mark, SegmentFile file, long capacity, ByteBuffer staging) {
        this.number = number;
        this.mark = mark;
        this.file = file;
        this.capacity = capacity;
        this.staging = staging;
        clearStaging();
    }

    static Path file(Path directory, long number) {
        String digits = Long.toString(number);
        return directory.resolve("0".repeat(Math.max(0, NAME_DIGITS - digits.length())) + digits + ".seg");
    }

    /** Where records are gathered before they are written; one after the other may use the same. */
    static ByteBuffer stagingBuffer() {
        return ByteBuffer.allocateDirect(STAGING_BYTES + SegmentFile.ALIGNMENT).alignedSlice(SegmentFile.ALIGNMENT);
    }

    /**
     * Makes a new segment; when this returns its name and header are durable.
     *
     * @param capacity how long it is expected to become
     */
    static Segment create(Path directory, long number, long capacity, ByteBuffer staging) throws IOException {
        Path path = file(directory, number);
        SegmentFile file = SegmentFile.create(path, largeWrite(capacity));
        Segment segment = new Segment(number, RANDOM.nextLong(), file, capacity, staging);
        try {
            segment.stage(ByteBuffer.allocate(HEADER_BYTES)
                    .putInt(MAGIC)
                    .putInt(FORMAT)
                    .putLong(number)
                    .putLong(segment.mark)
                    .flip());
            segment.flush();
            file.sync(true);
            StoreDirectory.sync(directory);
            return segment;
        } catch (IOException e) {
            // A full disk is tried again and again: each try must leave nothing.
            file.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    long number() {
        return number;
    }

    /** Where the next record begins. */
    long position() {
        return position;
    }

    /**
     * Appends a record; durable only after {@link #sync()}.
     *
     * @return position of the first octet of its payload
     */
    long append(SegmentRecord segmentRecord) throws IOException {
        stage(ByteBuffer.allocate(RECORD_HEADER_BYTES)
                .putLong(mark)
                .putInt(segmentRecord.length())
                .putInt(segmentRecord.crc())
                .put(segmentRecord.type())
                .flip());
        long payloadPosition = position;
        for (ByteBuffer part : segmentRecord.payload()) {
            stage(part.duplicate());
        }
        return payloadPosition;
    }

    /** Makes durable what was appended; does nothing if nothing was. */
    void sync() throws IOException {
        if (position == synced) {
            return;
        }
        flush();
        file.sync(false);
        synced = position;
    }

    private void stage(ByteBuffer octets) throws IOException {
        position += octets.remaining();
        while (octets.hasRemaining()) {
            if (!staging.hasRemaining()) {
                flush();
            }
            int n = Math.min(octets.remaining(), staging.remaining());
            staging.put(octets.slice().limit(n));
            octets.position(octets.position() + n);
        }
    }

    private void flush() throws IOException {
        staging.limit(staging.position()).position(offset(written));
        allocate(written + staging.remaining());
        written = file.write(staging, written);
        clearStaging();
    }

    /** What is gathered lies in memory as it will in the file, by blocks. */
    private void clearStaging() {
        staging.clear().position(offset(written));
    }

    private static int offset(long place) {
        return (int) (place % SegmentFile.ALIGNMENT);
    }

    private static int largeWrite(long capacity) {
        return (int) Math.min(LARGE_WRITE, capacity / LARGE_SHARE);
    }

    private void allocate(long needed) throws IOException {
        boolean large = needed - synced >= largeWrite(capacity);
        // Before its first sync a segment has nothing but its beginning, which says nothing about what will follow.
        if (large || synced == 0) {
            allocated = Math.max(allocated, needed);
        }
        while (allocated < needed) {
            // Past the capacity a step is as small as it can be: the next segment is near.
            long step = Math.min(PREALLOCATION, Math.max(ZEROS.capacity(), capacity - allocated));
            for (long end = allocated + step; allocated < end; ) {
                allocated = file.writeCached(ZEROS.duplicate(), allocated);
            }
        }
    }

    /** Closes a segment that is whole, and gives back what was written ahead. */
    void seal() throws IOException {
        try {
            file.truncate(position);
        } finally {
            file.close();
        }
    }

    /** Closes a segment that failed, touching nothing. */
    void abandon() throws IOException {
        file.close();
    }
}
