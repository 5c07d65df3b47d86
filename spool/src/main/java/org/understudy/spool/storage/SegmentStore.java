package org.understudy.spool.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import org.understudy.spool.Unit;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.storage.IndexEntry.Location;

/** The embedded {@link MessageStore}: segments and SQLite in one directory. Thread-safe. */
public final class SegmentStore implements MessageStore {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentStore.class);
    private static final int RECORD_RETRIES = 5;
    private static final Duration RECORD_PAUSE = Duration.ofSeconds(1);

    private final StoreDirectory directory;
    private final Index index;
    private final Committer committer;
    private final SpaceGate space;
    private final QueueIds ids;
    private final long largeMessageBytes;
    private final MemoryBudget memory = MemoryBudget.ofHeap();

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
        Index index = null;
        try {
            index = new Recovery(directory, clock).run();
            IndexWriter.Mark mark = index.writer().mark().orElseThrow();
            List<Long> segments = Segments.numbers(directory.segments());
            long next = 1 + Math.max(segments.isEmpty() ? 0 : segments.get(segments.size() - 1), mark.segment());
            SpaceGate space = new SpaceGate(directory, settings.reserveBytes());
            Committer committer =
                    new Committer(directory, index, space, settings.segmentBytes(), next, soundDetail(directory));
            QueueIds ids = new QueueIds(clock, mark.ledger().lastId());
            committer.start();
            return new SegmentStore(directory, index, committer, space, ids, settings.largeMessageBytes());
        } catch (IOException | SQLException e) {
            close(index, directory);
            throw new SpoolException(
                    "The spool directory " + settings.directory() + " cannot be recovered: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(index, directory);
            throw e;
        }
    }

    private static void close(@Nullable Index index, StoreDirectory directory) {
        if (index != null) {
            index.close();
        }
        directory.close();
    }

    private static String soundDetail(StoreDirectory directory) throws IOException {
        try (Stream<Path> damaged = Files.list(directory.corrupt())) {
            long pieces = damaged.count();
            return pieces == 0
                    ? "ok"
                    : "accepting, but what could not be read was set aside in " + directory.corrupt() + " (files: "
                            + pieces + "): look at it, then delete it";
        }
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        return new Draft(new StoredEnvelope(ids.next(), origin, envelope));
    }

    @Override
    public List<QueuedMessage> due(Collection<DomainName> domains, Instant now, Optional<QueueId> after, int limit) {
        return index.queue().due(domains, now, after, limit);
    }

    @Override
    public Optional<QueuedMessage> find(QueueId id) {
        return index.queue().find(id);
    }

    @Override
    public MessageContent content(QueueId id) {
        Optional<Location> location = index.queue().locate(id);
        if (location.isEmpty()) {
            return new MissingContent(id);
        }
        Path file = location.get().large()
                ? LargeMessage.file(directory.large(), id.text())
                : Segment.file(directory.segments(), location.get().segment());
        return new StoredContent(file, location.get());
    }

    @Override
    public void record(QueueId id, List<UnitChange> changes) {
        Change change = new Change(id, changes);
        Optional<Outcome> outcome = outcome(change);
        CommitResult result = committer.submit(Work.of(change, outcome));
        // The next hop has the message: to give up at once would send it again.
        for (int i = 0; result != CommitResult.STORED && i < RECORD_RETRIES && !committer.hasEnded(); i++) {
            LockSupport.parkNanos(RECORD_PAUSE.toNanos());
            result = committer.submit(Work.of(change, outcome));
        }
        if (result != CommitResult.STORED) {
            throw new SpoolException("The outcome of " + id + " could not be recorded: "
                    + committer.health().detail());
        }
    }

    /** What of a change must survive the loss of the index: all but that something queued stays queued. */
    private Optional<Outcome> outcome(Change change) {
        boolean defers = change.units().stream().anyMatch(u -> u.state() == UnitState.QUEUED);
        Set<Integer> quarantined = defers ? quarantined(change.id()) : Set.of();
        List<UnitChange> lasting = change.units().stream()
                .filter(u -> u.state() != UnitState.QUEUED || quarantined.contains(u.number()))
                .toList();
        return lasting.isEmpty() ? Optional.empty() : Optional.of(new Outcome(change.id(), false, lasting));
    }

    private Set<Integer> quarantined(QueueId id) {
        return find(id).stream()
                .flatMap(message -> message.units().stream())
                .filter(unit -> unit.state() == UnitState.QUARANTINED)
                .map(Unit::number)
                .collect(Collectors.toSet());
    }

    @Override
    public QueueCounts counts() {
        return index.sums().counts();
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
                if (file == null && (buffer.size() + length > largeMessageBytes || !memory.take(length))) {
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
            if (!space.isOpen()) {
                throw new IOException("no space left above the reserve");
            }
            LargeMessage file = LargeMessage.create(directory.large(), stored);
            large = file;
            for (ByteBuffer piece : buffer.read()) {
                file.add(piece);
            }
            releaseBuffer();
            return file;
        }

        private void releaseBuffer() {
            memory.release(buffer.size());
            buffer = new ContentBuffer();
        }

        @Override
        public CommitResult commit() {
            if (ended) {
                throw new IllegalStateException("the draft " + stored.id() + " has ended");
            }
            CommitResult result = CommitResult.FAILED;
            try {
                result = tryCommit();
            } catch (IOException e) {
                LOG.error("the message {} cannot be stored: {}", stored.id(), e.getMessage());
                result = DiskFull.isReason(e) ? CommitResult.NO_SPACE : CommitResult.FAILED;
            } finally {
                if (result == CommitResult.STORED) {
                    ended = true;
                    releaseBuffer();
                } else {
                    discard();
                }
            }
            return result;
        }

        private CommitResult tryCommit() throws IOException {
            if (!space.isOpen()) {
                return CommitResult.NO_SPACE;
            }
            if (failure != null) {
                throw failure;
            }
            if (committer.hasEnded()) {
                return CommitResult.FAILED;
            }
            LargeMessage file = large;
            return committer.submit(Work.of(
                    file == null
                            ? MessageRecord.small(stored, buffer.read(), buffer.size())
                            : MessageRecord.large(file.finish(stored))));
        }

        @Override
        public void discard() {
            if (ended) {
                return;
            }
            ended = true;
            releaseBuffer();
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
