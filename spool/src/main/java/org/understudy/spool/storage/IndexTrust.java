package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Remembers on the disk that a file of the index could not be written or synced. The kernel may have forgotten what it could not
 * write: the next sync of the same file succeeds and proves nothing. What is read goes on to be right until the process or the
 * machine ends, so the index is used until then, and made anew from the segments at the next start. One thread.
 */
final class IndexTrust {
    private static final Logger LOG = LoggerFactory.getLogger(IndexTrust.class);
    private static final String IO_ERRORS = "SQLITE_IOERR";

    private final Path root;
    private boolean lost;

    IndexTrust(StoreDirectory directory) {
        this.root = directory.root();
        this.lost = Files.exists(mark());
    }

    private Path mark() {
        return root.resolve("index.distrusted");
    }

    /** True if the index must be made anew. */
    boolean isLost() {
        return lost;
    }

    /** Takes note of a failure, if it is one of the disk under the index. */
    void weigh(Throwable trouble) {
        if (lost || !isOfDisk(trouble)) {
            return;
        }
        try {
            FileChannel.open(
                            mark(),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            StoreDirectory.PRIVATE_FILE)
                    .close();
            StoreDirectory.sync(root);
            lost = true;
            LOG.warn("the disk failed under the index, which will be made anew from the segments at the next start");
        } catch (IOException e) {
            // The disk is what fails: it is tried again at the next failure.
            LOG.warn("it cannot be noted that the index is to be made anew: {}", e.getMessage());
        }
    }

    static boolean isOfDisk(Throwable trouble) {
        for (Throwable t = trouble; t != null; t = t.getCause()) {
            if (t instanceof SQLiteException e) {
                SQLiteErrorCode code = e.getResultCode();
                return code.name().startsWith(IO_ERRORS);
            }
        }
        return false;
    }

    /** The index was made anew, durably. */
    void restore() throws IOException {
        if (lost) {
            Files.deleteIfExists(mark());
            StoreDirectory.sync(root);
            lost = false;
        }
    }
}
