package org.understudy.spool.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.SpoolException;

/**
 * Makes index and segments agree at start. Normally it reads only what the index has not seen yet: the end of the last segment.
 * If the index is lost or damaged, it reads everything.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final StoreDirectory directory;
    private final Clock clock;

    Recovery(StoreDirectory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** The index, in step with the segments. */
    Index run() throws IOException {
        try {
            Index index = Index.open(directory.index());
            try {
                bringUpToDate(index);
                return index;
            } catch (JdbiException e) {
                index.close();
                return rebuild(e);
            }
        } catch (SQLException e) {
            return rebuild(e);
        }
    }

    private Index rebuild(Exception why) throws IOException {
        LOG.error("the spool index is damaged and is rebuilt from the segments: {}", why.getMessage());
        for (String suffix : List.of("", "-wal", "-shm")) {
            Path file = directory.index().resolveSibling("index.db" + suffix);
            if (Files.exists(file)) {
                Files.move(
                        file,
                        directory.corrupt().resolve("index-" + clock.millis() + ".db" + suffix),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        try {
            Index index = Index.open(directory.index());
            bringUpToDate(index);
            return index;
        } catch (SQLException e) {
            throw new SpoolException("The spool index " + directory.index() + " cannot be made: " + e.getMessage(), e);
        }
    }

    private void bringUpToDate(Index index) throws IOException {
        recoverLarge(index);
        long indexedSegment = index.counter("indexed_segment");
        long indexedPosition = index.counter("indexed_position");
        for (long number : Segments.numbers(directory.segments())) {
            if (number < indexedSegment) {
                continue;
            }
            Path file = Segment.file(directory.segments(), number);
            long from = number == indexedSegment ? indexedPosition : 0;
            long end = scan(index, number, file, from);
            cut(file, Math.max(end, from));
            index.recovered(number, Math.max(end, from));
        }
    }

    private long scan(Index index, long number, Path file, long from) throws IOException {
        try {
            return SegmentScanner.scan(file, from, new RecoveryVisitor(index, number, directory.corrupt()));
        } catch (IOException e) {
            LOG.error("segment {} cannot be read and is left alone: {}", file, e.getMessage());
            return from;
        }
    }

    /** Takes back the zeros written ahead and the torn end; nothing is ever appended to this segment again. */
    private static void cut(Path file, long end) throws IOException {
        try (RandomAccessFile segment = new RandomAccessFile(file.toFile(), "rw")) {
            if (end >= Segment.HEADER_BYTES && segment.length() > end) {
                segment.setLength(end);
            }
        }
    }

    private void recoverLarge(Index index) throws IOException {
        try (Stream<Path> files = Files.list(directory.large())) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".tmp")) {
                    Files.delete(file);
                    continue;
                }
                Optional<IndexEntry> entry = LargeMessage.read(file);
                if (entry.isPresent()) {
                    index.recover(entry.get());
                } else {
                    LOG.error("large message {} is damaged and was moved to {}", file, directory.corrupt());
                    Files.move(
                            file, directory.corrupt().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
