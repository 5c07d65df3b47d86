package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The write-ahead log of the index, synced here instead of by SQLite: the driver's is built with fsync only, which makes the file
 * system commit its journal for the time of the last change, whereas fdatasync of a log that is written over commits nothing.
 * Not by a lock of SQLite's either: those are on the index and on its shared memory, and closing this file lets go of none.
 * Confined to the thread that writes.
 */
final class IndexLog implements AutoCloseable {
    private final Path file;
    private @Nullable FileChannel channel;

    IndexLog(Path index) {
        this.file = of(index);
    }

    /** The log of an index. It is there as long as anybody has the index open. */
    static Path of(Path index) {
        return index.resolveSibling(index.getFileName() + "-wal");
    }

    /** Makes durable what was committed until now. */
    void sync() throws SyncException {
        try {
            FileChannel open = channel;
            if (open == null) {
                open = FileChannel.open(file, StandardOpenOption.WRITE);
                channel = open;
            }
            open.force(false);
        } catch (IOException e) {
            throw new SyncException(e);
        }
    }

    /** What was committed may be lost. */
    static final class SyncException extends IOException {
        private static final long serialVersionUID = 1L;

        SyncException(IOException cause) {
            super("the log of the index cannot be synced: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
