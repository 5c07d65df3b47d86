package org.understudy.spool.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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
import org.understudy.spool.QueueAges;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolException;
import org.understudy.spool.StorageSettings;
import org.understudy.spool.StoreHealth;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.storage.IndexEntry.Location;

/** The embedded {@link MessageStore}: segments and SQLite in one directory. Thread-safe. */
public final class SegmentStore implements MessageStore {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentStore.class);
    private static final int RECORD_RETRIES = 5;
    private static final Executor RECORD_PAUSE = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final StoreDirectory directory;
    private final Index index;
    private final Committer committer;
    private final Cleaner cleaner;
    private final StoredMessages messages;
    private final QueueIds ids;
    private final Draft.Desk desk;

    private SegmentStore(
            StoreDirectory directory,
            Index index,
            Committer committer,
            Cleaner cleaner,
            QueueIds ids,
            Draft.Desk desk) {
        this.directory = directory;
        this.index = index;
        this.committer = committer;
        this.cleaner = cleaner;
        this.messages = new StoredMessages(directory, index.queue());
        this.ids = ids;
        this.desk = desk;
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
            return start(settings, clock, directory, index);
        } catch (IOException | SQLException e) {
            close(index, directory);
            throw new SpoolException(
                    "The spool directory " + settings.directory() + " cannot be recovered: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            close(index, directory);
            throw e;
        }
    }

    private static SegmentStore start(StorageSettings settings, Clock clock, StoreDirectory directory, Index index)
            throws IOException, SQLException {
        IndexWriter.Mark mark = index.writer().mark().orElseThrow();
        List<Long> segments = Segments.numbers(directory.segments());
        long next = 1 + Math.max(segments.isEmpty() ? 0 : segments.get(segments.size() - 1), mark.segment());
        SpaceGate space = new SpaceGate(directory, settings.reserveBytes(), InodeWatch.of(settings.directory()));
        SegmentUsage usage = new SegmentUsage(index.queue().livingBytes());
        Committer committer =
                new Committer(directory, index, space, usage, settings.segmentBytes(), next, soundDetail(directory));
        Cleaner cleaner = new Cleaner(directory, index.queue(), committer, usage, settings.segmentBytes());
        committer.start();
        cleaner.start();
        Draft.Desk desk =
                new Draft.Desk(directory, space, committer, MemoryBudget.ofHeap(), settings.largeMessageBytes());
        QueueIds ids = new QueueIds(clock, mark.ledger().lastId());
        return new SegmentStore(directory, index, committer, cleaner, ids, desk);
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
        return new Draft(desk, new StoredEnvelope(ids.next(), origin, envelope));
    }

    @Override
    public List<QueuedMessage> due(Collection<DomainName> domains, Instant now, Optional<QueueId> after, int limit) {
        List<IndexReader.Row> rows = index.queue().due(domains, now, after, limit);
        List<QueuedMessage> due = new ArrayList<>(rows.size());
        try (StoredMessages.Envelopes envelopes = messages.new Envelopes()) {
            for (IndexReader.Row row : rows) {
                read(envelopes, row).ifPresent(due::add);
            }
        } catch (IOException e) {
            throw new SpoolException("The queue cannot be read: " + e.getMessage(), e);
        }
        return due;
    }

    @Override
    public List<QueuedMessage> list(
            Optional<DomainName> domain, Collection<UnitState> states, Optional<QueueId> after, int limit) {
        List<QueuedMessage> found = new ArrayList<>();
        try (StoredMessages.Envelopes envelopes = messages.new Envelopes()) {
            for (IndexReader.Row row : index.sums().list(domain, states, after, limit)) {
                try {
                    found.add(envelopes.message(row));
                } catch (IOException e) {
                    LOG.debug("{} is not listed: {}", row.id(), e.getMessage());
                }
            }
        } catch (IOException e) {
            throw new SpoolException("The queue cannot be read: " + e.getMessage(), e);
        }
        return found;
    }

    @Override
    public QueueAges ages(List<Duration> limits, Instant now) {
        return index.sums().ages(limits, now);
    }

    /** Empty if it is settled by now, or cannot be read; then it is set aside, so that the others go on. */
    private Optional<QueuedMessage> read(StoredMessages.Envelopes envelopes, IndexReader.Row row) {
        try {
            return Optional.of(envelopes.message(row));
        } catch (IOException e) {
            if (messages.locate(row.id()).isPresent()) {
                LOG.error("the envelope of {} cannot be read, it is set aside: {}", row.id(), e.getMessage());
                setAside(row, "the stored envelope cannot be read: " + e.getMessage());
            }
            return Optional.empty();
        }
    }

    private void setAside(IndexReader.Row row, String why) {
        record(
                row.id(),
                row.units().stream()
                        .filter(u -> u.state() == UnitState.QUEUED)
                        .map(u -> new UnitChange(u.number(), UnitState.QUARANTINED, u.nextAttempt(), why, ""))
                        .toList());
    }

    @Override
    public Optional<QueuedMessage> find(QueueId id) {
        Optional<IndexReader.Row> row = index.queue().find(id);
        if (row.isEmpty()) {
            return Optional.empty();
        }
        try (StoredMessages.Envelopes envelopes = messages.new Envelopes()) {
            return Optional.of(envelopes.message(row.get()));
        } catch (IOException e) {
            if (messages.locate(id).isEmpty()) {
                return Optional.empty();
            }
            throw new SpoolException("The envelope of " + id + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public MessageContent content(QueueId id) {
        Optional<Location> location = messages.lastSeen(id);
        return location.isPresent() ? new StoredContent(messages, id, location.get()) : new MissingContent(id);
    }

    @Override
    public CompletableFuture<Void> recordLater(QueueId id, List<UnitChange> changes) {
        Change change = new Change(id, changes);
        try {
            return settle(new Work.Settlement(change, outcome(change)), RECORD_RETRIES);
        } catch (SpoolException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Void> settle(Work.Settlement settlement, int retries) {
        return committer.submitLater(Work.of(settlement)).thenCompose(result -> {
            if (result == CommitResult.STORED) {
                return CompletableFuture.completedFuture(null);
            }
            if (retries == 0 || committer.hasEnded()) {
                return CompletableFuture.failedFuture(new SpoolException("The outcome of "
                        + settlement.change().id() + " could not be recorded: "
                        + committer.health().detail()));
            }
            // The next hop has the message: to give up at once would send it again.
            return CompletableFuture.runAsync(() -> {}, RECORD_PAUSE)
                    .thenCompose(waited -> settle(settlement, retries - 1));
        });
    }

    /** What of a change must survive the loss of the index: all but that something queued stays queued. */
    private Optional<Outcome> outcome(Change change) {
        boolean defers = change.units().stream().anyMatch(u -> u.state() == UnitState.QUEUED);
        Set<Integer> setAside = defers ? setAside(change.id()) : Set.of();
        List<UnitChange> lasting = change.units().stream()
                .filter(u -> u.state() != UnitState.QUEUED || setAside.contains(u.number()))
                .toList();
        return lasting.isEmpty() ? Optional.empty() : Optional.of(Outcome.settled(change.id(), lasting));
    }

    private Set<Integer> setAside(QueueId id) {
        return index.queue().find(id).stream()
                .flatMap(message -> message.units().stream())
                .filter(unit -> unit.state().isSetAside())
                .map(IndexReader.UnitRow::number)
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
        cleaner.close();
        committer.close();
        index.close();
        directory.close();
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
