package org.understudy.spool.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.MessageContent;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolException;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.StoreHealth;
import org.understudy.spool.UnitChange;
import org.understudy.spool.storage.IndexEntry.Location;

/** The embedded {@link MessageStore}: segments and SQLite in one directory. Thread-safe. */
public final class SegmentStore implements MessageStore {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentStore.class);

    private final StoreDirectory directory;
    private final Index index;
    private final Committer committer;
    private final SpaceGate space;
    private final QueueIds ids;
    private final long largeMessageBytes;

    private SegmentStore(
            StoreDirectory directory, Index index, Committer committer, SpaceGate space, QueueIds ids, long large) {
        this.directory = directory;
        this.index = index;
        this.committer = committer;
        this.space = space;
        this.ids = ids;
        this.largeMessageBytes = large;
    }

    /**
     * Opens the store and recovers what an earlier process left.
     *
     * @throws SpoolException if the directory cannot be used
     */
    public static SegmentStore open(StorageSettings settings, Clock clock) {
        StoreDirectory directory = StoreDirectory.open(settings.directory());
        try {
            Index index = new Recovery(directory, clock).run();
            List<Long> segments = Segments.numbers(directory.segments());
            long next = 1
                    + Math.max(
                            segments.isEmpty() ? 0 : segments.get(segments.size() - 1),
                            index.counter("indexed_segment"));
            SpaceGate space = new SpaceGate(directory, settings.reserveBytes());
            Committer committer = new Committer(directory, index, space, settings.segmentBytes(), next);
            QueueIds ids = new QueueIds(clock);
            index.newest().ifPresent(ids::after);
            committer.start();
            return new SegmentStore(directory, index, committer, space, ids, settings.largeMessageBytes());
        } catch (IOException e) {
            directory.close();
            throw new SpoolException(
                    "The spool directory " + settings.directory() + " cannot be recovered: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        return new Draft(new StoredEnvelope(ids.next(), origin, envelope));
    }

    @Override
    public List<QueuedMessage> due(Collection<DomainName> domains, Instant now, Optional<QueueId> after, int limit) {
        return index.due(domains, now, after, limit);
    }

    @Override
    public Optional<QueuedMessage> find(QueueId id) {
        return index.find(id);
    }

    @Override
    public MessageContent content(QueueId id) {
        Optional<Location> location = index.locate(id);
        if (location.isEmpty()) {
            return new MissingContent(id);
        }
        Path file = location.get().segment() == 0
                ? LargeMessage.file(directory.large(), id.text())
                : Segment.file(directory.segments(), location.get().segment());
        return new StoredContent(file, location.get());
    }

    @Override
    public void record(QueueId id, List<UnitChange> changes) {
        CommitResult result = committer.submit(Work.of(new Index.Change(id, changes)));
        if (result != CommitResult.STORED) {
            throw new SpoolException("The outcome of " + id + " could not be recorded: "
                    + committer.health().detail());
        }
        Path large = LargeMessage.file(directory.large(), id.text());
        if (Files.exists(large) && index.locate(id).isEmpty()) {
            try {
                Files.delete(large);
            } catch (IOException e) {
                LOG.warn("the settled message {} cannot be deleted: {}", large, e.getMessage());
            }
        }
    }

    @Override
    public QueueCounts counts() {
        return index.counts();
    }

    @Override
    public StoreHealth health() {
        return committer.health();
    }

    @Override
    public void close() {
        committer.close();
        index.close();
        directory.close();
    }

    private final class Draft implements MessageDraft {
        private final StoredEnvelope stored;
        private ContentBuffer buffer = new ContentBuffer();
        private @Nullable LargeMessage large;
        private @Nullable IOException failure;
        private boolean ended;

        Draft(StoredEnvelope stored) {
            this.stored = stored;
        }

        @Override
        public QueueId id() {
            return stored.id();
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            if (failure != null || ended) {
                return;
            }
            try {
                LargeMessage file = large;
                if (file == null && buffer.size() + length > largeMessageBytes) {
                    file = spill();
                }
                if (file == null) {
                    buffer.add(octets, offset, length);
                } else {
                    file.add(ByteBuffer.wrap(octets, offset, length));
                }
            } catch (IOException e) {
                failure = e;
            }
        }

        private LargeMessage spill() throws IOException {
            LargeMessage file = LargeMessage.create(directory.large(), stored);
            large = file;
            for (ByteBuffer piece : buffer.read()) {
                file.add(piece);
            }
            buffer = new ContentBuffer();
            return file;
        }

        @Override
        public CommitResult commit() {
            if (ended) {
                throw new IllegalStateException("the draft " + stored.id() + " has ended");
            }
            if (!space.isOpen()) {
                discard();
                return CommitResult.NO_SPACE;
            }
            try {
                if (failure != null) {
                    throw failure;
                }
                LargeMessage file = large;
                CommitResult result = file == null
                        ? committer.submit(Work.of(new Work.Small(stored, buffer.read(), buffer.size())))
                        : committer.submit(Work.of(file.finish(stored)));
                if (result != CommitResult.STORED) {
                    discard();
                }
                ended = true;
                return result;
            } catch (IOException e) {
                LOG.error("the message {} cannot be stored: {}", stored.id(), e.getMessage());
                discard();
                return String.valueOf(e.getMessage()).contains("No space left")
                        ? CommitResult.NO_SPACE
                        : CommitResult.FAILED;
            }
        }

        @Override
        public void discard() {
            if (ended) {
                return;
            }
            ended = true;
            buffer = new ContentBuffer();
            if (large != null) {
                large.discard();
            }
        }
    }

    private record MissingContent(QueueId id) implements MessageContent {
        @Override
        public long size() {
            return 0;
        }

        @Override
        public InputStream open() throws IOException {
            throw new NoSuchFileException(id.text(), null, "not in the store");
        }
    }
}
