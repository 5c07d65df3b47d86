package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.CommitResult;
import org.understudy.spool.QueueId;
import org.understudy.spool.StoreHealth;
import org.understudy.spool.storage.IndexEntry.Location;

/**
 * The one thread that writes. Group commit without a timer: a batch is whatever arrived while the last one was synced.
 *
 * <p>Order: records into the segment, one sync, one transaction of the index, answers. When any of it fails, everybody in the
 * batch is told so, the segment is never touched again, and a new one is begun before anything else is taken. Messages of a
 * failed batch may be whole in the old segment all the same; since they were not acknowledged, the new segment begins with
 * records that give them up.
 */
final class Committer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int MOST_PER_BATCH = 512;
    private static final long MOST_BYTES_PER_BATCH = 8L * 1024 * 1024;
    private static final Duration REOPEN_PAUSE = Duration.ofSeconds(1);

    private final StoreDirectory directory;
    private final Index index;
    private final SpaceGate space;
    private final long segmentBytes;
    private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "spool-committer");
    private final List<QueueId> abandoned = new ArrayList<>();
    private @Nullable Segment segment;
    private long nextSegment;
    private long reopenAt;
    private volatile boolean closing;
    private volatile StoreHealth health = new StoreHealth(true, "ok");

    Committer(StoreDirectory directory, Index index, SpaceGate space, long segmentBytes, long nextSegment) {
        this.directory = directory;
        this.index = index;
        this.space = space;
        this.segmentBytes = segmentBytes;
        this.nextSegment = nextSegment;
        this.reopenAt = System.nanoTime();
    }

    /** Begins the first segment and the thread. */
    void start() throws IOException {
        segment = Segment.create(directory.segments(), nextSegment++);
        thread.start();
    }

    /** Hands work over and waits until it is durable or has failed. Any thread. */
    CommitResult submit(Work work) {
        if (closing) {
            return CommitResult.FAILED;
        }
        queue.add(work);
        if (closing) {
            // The thread may have taken its last look before this was added; if it has not, it answers first.
            awaitEnd();
            work.done().complete(CommitResult.FAILED);
        }
        return work.done().join();
    }

    StoreHealth health() {
        StoreHealth now = health;
        return now.accepting() ? space.health() : now;
    }

    private void run() {
        try {
            commitUntilClosed();
        } finally {
            // Also when an error of the machine ends this thread: nobody may wait for it then.
            if (!closing) {
                health = new StoreHealth(false, "the committer has ended: restart the spool");
                LOG.error("the committer has ended");
            }
            closing = true;
            closeSegment();
            refuseWhatWaits();
        }
    }

    private void commitUntilClosed() {
        List<Work> batch = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            try {
                Work first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    deleteDeadSegments();
                    continue;
                }
                batch.add(first);
                drain(batch);
                commit(batch);
            } catch (InterruptedException e) {
                LOG.warn("the committer ignores an interrupt: closing is asked for by other means");
            } catch (RuntimeException e) {
                LOG.error("unforeseen in the committer", e);
            } finally {
                batch.forEach(work -> work.done().complete(CommitResult.FAILED));
                batch.clear();
            }
        }
    }

    private void refuseWhatWaits() {
        for (Work left = queue.poll(); left != null; left = queue.poll()) {
            left.done().complete(CommitResult.FAILED);
        }
    }

    private void drain(List<Work> batch) {
        long bytes = batch.get(0).message().map(Work.Small::size).orElse(0L);
        while (batch.size() < MOST_PER_BATCH && bytes < MOST_BYTES_PER_BATCH) {
            Work next = queue.poll();
            if (next == null) {
                return;
            }
            bytes += next.message().map(Work.Small::size).orElse(0L);
            batch.add(next);
        }
    }

    private void commit(List<Work> batch) {
        try {
            Segment current = open();
            List<IndexEntry> accepted = new ArrayList<>();
            List<Index.Change> changes = new ArrayList<>();
            boolean written = false;
            for (Work work : batch) {
                written |= append(current, work, accepted, changes);
            }
            if (written) {
                current.sync();
            }
            index.write(accepted, changes, current.number(), current.position());
            batch.forEach(work -> work.done().complete(CommitResult.STORED));
            if (current.position() >= segmentBytes) {
                roll();
            }
        } catch (IOException | JdbiException e) {
            fail(batch, e);
        }
    }

    private static boolean append(Segment current, Work work, List<IndexEntry> accepted, List<Index.Change> changes)
            throws IOException {
        if (work.message().isPresent()) {
            Work.Small message = work.message().get();
            byte[] envelope = message.stored().encode();
            long at = current.append(Segment.MESSAGE, MessageRecord.encode(envelope, message.content()));
            accepted.add(new IndexEntry(
                    message.stored(),
                    new Location(
                            message.size(),
                            MessageRecord.crc(message.content()),
                            current.number(),
                            MessageRecord.contentPosition(at, envelope))));
            return true;
        }
        work.large().ifPresent(accepted::add);
        work.change().ifPresent(changes::add);
        Optional<Outcome> outcome = work.outcome();
        if (outcome.isPresent()) {
            current.append(
                    Segment.OUTCOME, List.of(ByteBuffer.wrap(outcome.get().encode())));
        }
        return outcome.isPresent();
    }

    /** The segment to write to; after a failure a new one, which first says what is not to be believed of the old. */
    private Segment open() throws IOException {
        Segment current = segment;
        if (current != null) {
            return current;
        }
        if (System.nanoTime() - reopenAt < 0) {
            throw new IOException(health.detail());
        }
        reopenAt = System.nanoTime() + REOPEN_PAUSE.toNanos();
        Segment fresh = Segment.create(directory.segments(), nextSegment++);
        try {
            for (QueueId id : abandoned) {
                fresh.append(
                        Segment.OUTCOME,
                        List.of(ByteBuffer.wrap(Outcome.abandon(id).encode())));
            }
            fresh.sync();
            verify(fresh);
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        abandoned.clear();
        segment = fresh;
        health = new StoreHealth(true, "ok");
        LOG.info("the store is healthy again, in segment {}", fresh.number());
        return fresh;
    }

    /** What was just written must be there to be read. */
    private void verify(Segment fresh) throws IOException {
        Path file = Segment.file(directory.segments(), fresh.number());
        long end = SegmentScanner.scan(file, 0, RecoveryVisitor.COUNTING);
        if (end != fresh.position() && fresh.position() > Segment.HEADER_BYTES) {
            throw new IOException("segment " + fresh.number() + " does not hold what was written to it");
        }
    }

    private void fail(List<Work> batch, Exception e) {
        boolean full = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("no space left")
                || String.valueOf(e.getMessage()).contains("SQLITE_FULL");
        if (segment != null) {
            LOG.error("the store cannot write; {} waiting are refused for now", batch.size(), e);
            batch.forEach(work ->
                    work.message().ifPresent(m -> abandoned.add(m.stored().id())));
        }
        health = new StoreHealth(false, "cannot write: " + e.getMessage());
        closeSegment();
        CommitResult result = full ? CommitResult.NO_SPACE : CommitResult.FAILED;
        batch.forEach(work -> work.done().complete(result));
    }

    private void roll() throws IOException {
        Segment full = segment;
        segment = null;
        if (full != null) {
            full.close();
        }
        segment = Segment.create(directory.segments(), nextSegment++);
        deleteDeadSegments();
    }

    /** Deletes from the oldest on, up to the first in which something is alive. */
    private void deleteDeadSegments() {
        Segment current = segment;
        if (current == null) {
            return;
        }
        long keepFrom = Math.min(index.oldestLiveSegment().orElse(current.number()), current.number());
        try {
            for (long number : Segments.numbers(directory.segments())) {
                if (number >= keepFrom) {
                    return;
                }
                Files.deleteIfExists(Segment.file(directory.segments(), number));
                LOG.debug("deleted segment {}", number);
            }
        } catch (IOException e) {
            LOG.warn("a dead segment cannot be deleted: {}", e.getMessage());
        }
    }

    private void closeSegment() {
        Segment current = segment;
        segment = null;
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                LOG.warn("segment {} cannot be closed: {}", current.number(), e.getMessage());
            }
        }
    }

    private void awaitEnd() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Commits what waits, then ends. */
    @Override
    public void close() {
        closing = true;
        awaitEnd();
        refuseWhatWaits();
    }
}
