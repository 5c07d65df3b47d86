package org.understudy.spool.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.storage.RecoveryVisitor.RecoveryFailedException;

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
        IndexTrust trust = new IndexTrust(directory);
        if (trust.isLost()) {
            setAside("the disk failed under it");
        }
        Index index = open();
        trust.restore();
        return index;
    }

    private Index open() throws IOException {
        try {
            return attempt();
        } catch (SQLException | RecoveryFailedException e) {
            if (!Index.isDamage(e)) {
                throw unusable(e);
            }
            setAside(e.getMessage());
        }
        try {
            return attempt();
        } catch (SQLException | RecoveryFailedException e) {
            throw unusable(e);
        }
    }

    private SpoolException unusable(Exception e) {
        return new SpoolException("The spool index " + directory.index() + " cannot be used: " + e.getMessage(), e);
    }

    private Index attempt() throws IOException, SQLException {
        Index index = Index.open(directory.index());
        try {
            bringUpToDate(index.writer());
            return index;
        } catch (IOException | SQLException | RuntimeException e) {
            index.close();
            throw e;
        }
    }

    private void setAside(@Nullable String why) throws IOException {
        LOG.error("the spool index is damaged and is rebuilt from the segments: {}", why);
        for (String suffix : List.of("", "-wal", "-shm")) {
            Path file = directory.index().resolveSibling("index.db" + suffix);
            if (Files.exists(file)) {
                Files.move(
                        file,
                        directory.corrupt().resolve("index-" + clock.millis() + ".db" + suffix),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private void bringUpToDate(IndexWriter index) throws IOException, SQLException {
        index.begin();
        IndexWriter.Mark mark = mark(index);
        if (mark.isRebuildBrokenOff()) {
            // Only who has read all segments in one go knows which large messages they speak of.
            index.startOver();
            index.begin();
            mark = mark(index);
        }
        RecoveryVisitor visitor = new RecoveryVisitor(index, directory.corrupt(), mark);
        for (long number : Segments.numbers(directory.segments())) {
            if (number >= mark.segment()) {
                bringIn(index, visitor, number, number == mark.segment() ? mark.position() : 0);
            }
        }
        recoverLarge(index, visitor, mark.rebuilding());
        visitor.commit();
        index.balance();
    }

    private static IndexWriter.Mark mark(IndexWriter index) throws SQLException {
        return index.mark().orElseThrow(() -> new DamagedIndexException("it has no ledger"));
    }

    private void bringIn(IndexWriter index, RecoveryVisitor visitor, long number, long from)
            throws IOException, SQLException {
        Path file = Segment.file(directory.segments(), number);
        visitor.begin(number, from);
        try {
            sync(file);
            cut(file, Math.max(from, SegmentScanner.scan(file, from, visitor)));
        } catch (IOException e) {
            LOG.error("segment {} cannot be read: {}", file, e.getMessage());
            if (!index.hasMessageIn(number)) {
                // Nothing would hold it back from being deleted as a segment in which all is settled.
                Files.move(file, directory.corrupt().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        visitor.commit();
    }

    /**
     * What a killed process wrote and did not sync can be read all the same, until the power goes: the index must not know of
     * it before it is durable.
     */
    private static void sync(Path file) throws IOException {
        try (FileChannel segment = FileChannel.open(file, StandardOpenOption.WRITE)) {
            segment.force(true);
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

    /**
     * A file that the index does not know was never acknowledged, or is settled: both may go. Only when the index is new, and
     * no segment knows the file either, its record may have been in a damaged place; then twice is better than never.
     */
    private void recoverLarge(IndexWriter index, RecoveryVisitor visitor, boolean rebuilding)
            throws IOException, SQLException {
        try (Stream<Path> files = Files.list(directory.large())) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                String id = name.replaceFirst("\\.[a-z]+$", "");
                if (!QueueId.isValid(id) || !name.endsWith(".msg")) {
                    Files.delete(file);
                } else if (!index.contains(new QueueId(id))) {
                    if (rebuilding && !visitor.hasSeen(new QueueId(id))) {
                        accept(index, file);
                    } else {
                        Files.delete(file);
                    }
                }
            }
        }
    }

    private void accept(IndexWriter index, Path file) throws IOException, SQLException {
        Optional<IndexEntry> entry = LargeMessage.read(file);
        if (entry.isPresent()) {
            LOG.warn("large message {} is in no segment; it is taken in, and may have been forwarded before", file);
            index.insert(List.of(entry.get()));
        } else {
            LOG.error("large message {} is damaged and was moved to {}", file, directory.corrupt());
            Files.move(file, directory.corrupt().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
