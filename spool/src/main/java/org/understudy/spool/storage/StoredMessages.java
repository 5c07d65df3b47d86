package org.understudy.spool.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.Envelope;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.Unit;
import org.understudy.spool.storage.IndexEntry.Location;

/**
 * Reads envelopes and content from where the index says that they lie. A segment may be emptied and deleted between the look
 * into the index and the look into the file; then the index is asked again. Thread-safe.
 */
final class StoredMessages {
    /** A message is moved rarely; so often in a row it is never. */
    private static final int MOST_MOVES = 5;

    /** So many of those whose envelope was read last can be read without a look into the index. */
    private static final int MOST_REMEMBERED = 4096;

    private final StoreDirectory directory;
    private final IndexReader index;
    /** Guarded by itself. */
    private final Map<QueueId, Location> remembered = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<QueueId, Location> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    StoredMessages(StoreDirectory directory, IndexReader index) {
        this.directory = directory;
        this.index = index;
    }

    /** Where a message can be read. */
    Path file(QueueId id, Location location) {
        return location.large()
                ? LargeMessage.file(directory.large(), id.text())
                : Segment.file(directory.segments(), location.segment());
    }

    /** Where it lies now; empty if it is settled. */
    Optional<Location> locate(QueueId id) {
        return index.locate(id);
    }

    /**
     * Where it lay when its envelope was read, so that whoever reads the queue page by page keeps nobody from the content; else
     * where it lies now. {@link #follow} goes after it if it was moved since.
     */
    Optional<Location> lastSeen(QueueId id) {
        synchronized (remembered) {
            Location known = remembered.get(id);
            if (known != null) {
                return Optional.of(known);
            }
        }
        return locate(id);
    }

    private void remember(QueueId id, Location location) {
        synchronized (remembered) {
            remembered.put(id, location);
        }
    }

    /** Reads one thing of a message. */
    @FunctionalInterface
    interface Reading<T> {
        /**
         * Reads it.
         *
         * @throws NoSuchFileException if the message is elsewhere by now
         */
        T from(Path file, Location location) throws IOException;
    }

    /**
     * Reads, and follows the message where it was moved to.
     *
     * @throws NoSuchFileException if there is no such message any more
     */
    <T> T follow(QueueId id, Location first, Reading<T> reading) throws IOException {
        Location location = first;
        for (int moves = 0; ; moves++) {
            try {
                return reading.from(file(id, location), location);
            } catch (NoSuchFileException e) {
                Location before = location;
                location = locate(id).filter(now -> !now.equals(before)).orElseThrow(() -> e);
                if (moves == MOST_MOVES) {
                    throw e;
                }
            }
        }
    }

    /** Reads many envelopes; keeps the files open until it is closed. Confined to one thread. */
    final class Envelopes implements AutoCloseable {
        private final Map<Path, RandomAccessFile> open = new HashMap<>();

        /** @throws IOException if it cannot be read or is damaged */
        QueuedMessage message(IndexReader.Row row) throws IOException {
            StoredEnvelope stored = follow(row.id(), row.location(), this::read);
            if (!stored.id().equals(row.id())) {
                throw new IOException("the envelope there is of " + stored.id());
            }
            remember(row.id(), row.location());
            Envelope envelope = stored.envelope();
            List<Unit> units = row.units().stream().map(u -> unit(envelope, u)).toList();
            return new QueuedMessage(
                    row.id(),
                    stored.origin(),
                    row.location().size(),
                    envelope.reversePath(),
                    envelope.parameters(),
                    units);
        }

        private static Unit unit(Envelope envelope, IndexReader.UnitRow row) {
            return new Unit(
                    row.number(),
                    envelope.recipients().get(row.number()),
                    row.state(),
                    row.attempts(),
                    row.nextAttempt(),
                    row.lastReply());
        }

        private StoredEnvelope read(Path path, Location location) throws IOException {
            RandomAccessFile file = open.get(path);
            if (file == null) {
                file = open(path);
                open.put(path, file);
            }
            byte[] octets = new byte[location.envelope()];
            file.seek(location.envelopePosition());
            file.readFully(octets);
            return StoredEnvelope.decode(octets);
        }

        private static RandomAccessFile open(Path path) throws IOException {
            try {
                return new RandomAccessFile(path.toFile(), "r");
            } catch (FileNotFoundException e) {
                // It says so as well if the file is there and cannot be opened.
                throw path.toFile().exists() ? e : new NoSuchFileException(path.toString());
            }
        }

        @Override
        public void close() throws IOException {
            for (RandomAccessFile file : open.values()) {
                file.close();
            }
        }
    }
}
