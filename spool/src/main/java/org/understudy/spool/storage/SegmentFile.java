package org.understudy.spool.storage;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a segment. What is written in large pieces goes past the page cache, where the file system lets it: new pages for
 * it cost several times what the disk does, and push out what is read again. The rest of a block, and small pieces, go through
 * the cache. Confined to one thread.
 */
final class SegmentFile {
    /** Memory that a disk writes from, and places in the file, are multiples of it; no usual block is larger. */
    static final int ALIGNMENT = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(SegmentFile.class);

    private final Path path;
    private final FileChannel cached;
    private final int leastDirect;
    private @Nullable FileChannel direct;
    private boolean directFailed;

    private SegmentFile(Path path, FileChannel cached, int leastDirect) {
        this.path = path;
        this.cached = cached;
        this.leastDirect = leastDirect;
    }

    /**
     * Makes a new file.
     *
     * @param leastDirect from so many octets on a piece goes past the page cache
     */
    static SegmentFile create(Path path, int leastDirect) throws IOException {
        return new SegmentFile(
                path,
                FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        StoreDirectory.PRIVATE_FILE),
                leastDirect);
    }

    /**
     * Writes all that remains in a buffer; durable only after {@link #sync}.
     *
     * @param buffer goes past the page cache only if it is a direct one and lies in memory as it will in the file, by blocks
     * @param at place in the file
     * @return the place behind it
     */
    long write(ByteBuffer buffer, long at) throws IOException {
        int head = (int) Math.floorMod(-at, (long) ALIGNMENT);
        int blocks = (buffer.remaining() - head) / ALIGNMENT * ALIGNMENT;
        if (blocks < leastDirect || !liesAsInTheFile(buffer, at)) {
            return writeCached(buffer, at);
        }
        FileChannel channel = direct();
        if (channel == null) {
            return writeCached(buffer, at);
        }
        int end = buffer.limit();
        long to = writeCached(buffer.limit(buffer.position() + head), at);
        to = write(channel, buffer.limit(buffer.position() + blocks), to);
        return writeCached(buffer.limit(end), to);
    }

    /** The same through the page cache, where small pieces will be put into it: a disk reads a block before it writes half of it. */
    long writeCached(ByteBuffer buffer, long at) throws IOException {
        return write(cached, buffer, at);
    }

    private static boolean liesAsInTheFile(ByteBuffer buffer, long at) {
        return buffer.isDirect() && buffer.alignmentOffset(buffer.position(), ALIGNMENT) == at % ALIGNMENT;
    }

    /** Opened when it is needed first: most segments of a quiet server never have a large piece. */
    private @Nullable FileChannel direct() {
        if (direct == null && !directFailed) {
            try {
                long block = Files.getFileStore(path).getBlockSize();
                if (block <= 0 || ALIGNMENT % block != 0) {
                    throw new IOException("its blocks have " + block + " octets");
                }
                direct = FileChannel.open(path, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
            } catch (IOException | UnsupportedOperationException e) {
                directFailed = true;
                LOG.debug("{} is written through the page cache only: {}", path, e.getMessage());
            }
        }
        return direct;
    }

    private static long write(FileChannel channel, ByteBuffer buffer, long at) throws IOException {
        long to = at;
        while (buffer.hasRemaining()) {
            to += channel.write(buffer, to);
        }
        return to;
    }

    /**
     * Makes durable what was written, either way: a sync is of the file.
     *
     * @param metaData also what is not needed to read it
     */
    void sync(boolean metaData) throws IOException {
        cached.force(metaData);
    }

    void truncate(long size) throws IOException {
        cached.truncate(size);
    }

    /** Closes it, touching nothing. */
    void close() throws IOException {
        try {
            if (direct != null) {
                direct.close();
            }
        } finally {
            cached.close();
        }
    }
}
