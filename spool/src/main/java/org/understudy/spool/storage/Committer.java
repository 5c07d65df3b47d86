package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.CommitResult;
import org.understudy.spool.QueueId;
import org.understudy.spool.StoreHealth;

/**
 * The one thread that writes. Group commit without a timer: a batch is whatever arrived while the last one was synced.
 *
 * <p>Order: records into the segment, one sync, one transaction of the index, answers. So an acknowledged message is in both;
 * one that a crash caught between the two is brought into the index at the next start, which is allowed, because its client got
 * no answer and will send it again.
 *
 * <p>When any of it fails, everybody in the batch is told so and the segment is never touched again. Its messages may be whole
 * in it all the same, and even in the index, if only the answer of the transaction was lost. Since their clients were told that
 * nothing was kept, the next segment begins with records that give them up, and they are taken out of the index, before anything
 * else is accepted.
 */
final class Committer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final int MOST_PER_BATCH = 512;
    private static final long MOST_BYTES_PER_BATCH = 8L * 1024 * 1024;
    private static final long IDLE_MILLIS = 200;
    private static final long SHRINK_EVERY_NANOS = 200_000_000;
    private static final int PAGES_WHEN_IDLE = 1_000;
    private static final int PAGES_WHEN_BUSY = 50;

    private final StoreDirectory directory;
    private final Index index;
    private final SpaceGate space;
    private final SegmentUsage usage;
    private final long segmentBytes;
    private final String soundDetail;
    private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::run, "spool-committer");
    private final ByteBuffer staging = Segment.stagingBuffer();
    /** Messages that may be whole in a segment although they were refused, and that segment. */
    private final Map<QueueId, Long> abandoned = new LinkedHashMap<>();
    /**
     * Messages of which a copy may be whole in a segment that was given up, while the index has them elsewhere. They are written
     * again before anything else: an outcome must not say less than where all copies are.
     */
    private final List<Work.Move> doubtful = new ArrayList<>();

    private final IndexTrust trust;
    private final ReopenPause pause = new ReopenPause();
    private @Nullable Segment segment;
    private long nextSegment;
    private long shrunkAt = System.nanoTime();
    private volatile long head;
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile StoreHealth health;

    /** @param soundDetail what {@link #health} says while all is well */
    Committer(
            StoreDirectory directory,
            Index index,
            SpaceGate space,
            SegmentUsage usage,
            long segmentBytes,
            long nextSegment,
            String soundDetail) {
        this.directory = directory;
        this.index = index;
        this.trust = new IndexTrust(directory);
        this.space = space;
        this.usage = usage;
        this.segmentBytes = segmentBytes;
        this.nextSegment = nextSegment;
        this.head = nextSegment;
        this.soundDetail = soundDetail;
        this.health = new StoreHealth(true, soundDetail);
    }

    /** Begins the first segment and the thread. Without room for a segment it waits for room: what is queued can be read. */
    void start() {
        try {
            segment = begin();
        } catch (IOException | SQLException e) {
            failed(e);
        }
        thread.start();
    }

    /** Hands work over and waits until it is durable or has failed. Any thread. */
    CommitResult submit(Work work) {
        return submitLater(work).join();
    }

    /** The same without waiting. What depends on the result runs on the committer's thread, and must be short. */
    CompletableFuture<CommitResult> submitLater(Work work) {
        queue.add(work);
        if (ended) {
            refuseWaiting();
        }
        return work.done();
    }

    /** The segment that is written to; those before it do not change any more. */
    long head() {
        return head;
    }

    /** True if nothing will be committed any more. */
    boolean hasEnded() {
        return closing || ended;
    }

    StoreHealth health() {
        StoreHealth now = health;
        StoreHealth room = space.health();
        return now.accepting() && !room.accepting() ? room : now;
    }

    private void run() {
        List<Work> batch = new ArrayList<>();
        try {
            while (!closing || !queue.isEmpty()) {
                try {
                    take(batch);
                    if (batch.isEmpty()) {
                        idle();
                    } else {
                        commit(batch);
                    }
                } catch (InterruptedException e) {
                    LOG.warn("the committer ignores an interrupt: closing is asked for by other means");
                } finally {
                    answer(batch, CommitResult.FAILED);
                    batch.clear();
                }
            }
            end();
        } catch (IOException e) {
            LOG.warn("the last segment cannot be closed: {}", e.getMessage());
        } finally {
            // Also after an Error: nobody may wait for a thread that is gone.
            if (!closing) {
                LOG.error("the committer has ended");
            }
            health = new StoreHealth(false, closing ? "closed" : "the committer has ended: restart the spool");
            ended = true;
            refuseWaiting();
        }
    }

    private void take(List<Work> batch) throws InterruptedException {
        Work next = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        long bytes = 0;
        while (next != null) {
            if (!(next.task() instanceof Work.Nothing)) {
                batch.add(next);
                bytes += next.task().bytes();
            }
            boolean full = batch.size() >= MOST_PER_BATCH || bytes >= MOST_BYTES_PER_BATCH;
            next = full ? null : queue.poll();
        }
    }

    private void idle() {
        try {
            open();
            shrink(PAGES_WHEN_IDLE);
        } catch (Exception e) {
            // Here and below Exception, because java.nio throws, undeclared, checked exceptions of the JDK's own.
            failed(e);
        }
    }

    private void commit(List<Work> batch) {
        try {
            Segment current = open();
            // From here on a message may be whole in the segment, whatever happens.
            for (Work work : batch) {
                if (work.task() instanceof Work.Message message) {
                    abandoned.put(message.entry().stored().id(), current.number());
                } else if (work.task() instanceof Work.Rescue rescue) {
                    doubtful.addAll(rescue.moves());
                }
            }
            Batch.Result result = new Batch(index.writer(), current).write(batch);
            abandoned.clear();
            doubtful.clear();
            answer(batch, CommitResult.STORED);
            // Before the cleaner may learn that a segment is dead: it deletes the records of what must be gone by then.
            result.settled().forEach(this::forget);
            usage.settled(result.settled().size());
            usage.grow(result.growth());
            if (current.position() >= segmentBytes) {
                roll(current);
            }
            if (System.nanoTime() - shrunkAt > SHRINK_EVERY_NANOS) {
                shrink(PAGES_WHEN_BUSY);
            }
        } catch (Exception e) {
            failed(e);
            answer(batch, DiskFull.isReason(e) ? CommitResult.NO_SPACE : CommitResult.FAILED);
        }
    }

    private void shrink(int pages) throws SQLException {
        shrunkAt = System.nanoTime();
        index.writer().shrink(pages);
    }

    private static void answer(List<Work> batch, CommitResult result) {
        batch.forEach(work -> work.done().complete(result));
    }

    /** The segment to write to; after a failure a new one. */
    private Segment open() throws IOException, SQLException {
        Segment current = segment;
        if (current != null) {
            return current;
        }
        if (!pause.isOver()) {
            throw new PausedException(health.detail());
        }
        Segment fresh = begin();
        segment = fresh;
        health = new StoreHealth(true, soundDetail);
        pause.reset();
        LOG.info("the store is healthy again, in segment {}", fresh.number());
        return fresh;
    }

    /** Begins a segment with the ledger and with what is not to be believed of the ones before, and looks whether it is there. */
    private Segment begin() throws IOException, SQLException {
        IndexWriter writer = index.writer();
        writer.begin();
        for (QueueId id : abandoned.keySet()) {
            writer.forget(id);
        }
        IndexWriter.Mark mark = writer.mark().orElseThrow(() -> new DamagedIndexException("it has no ledger"));
        Segment fresh = Segment.create(directory.segments(), nextSegment++, segmentBytes, staging);
        boolean indexed = false;
        try {
            writeBeginning(fresh, mark.ledger(), writer);
            // From here on the index may say that these lie there, whatever it answers.
            indexed = !doubtful.isEmpty();
            usage.grow(writer.commit(fresh.number(), fresh.position()));
        } catch (IOException | SQLException e) {
            if (indexed) {
                fresh.seal();
            } else {
                fresh.abandon();
                Files.deleteIfExists(Segment.file(directory.segments(), fresh.number()));
            }
            throw e;
        }
        abandoned.clear();
        doubtful.clear();
        head = fresh.number();
        return fresh;
    }

    private void writeBeginning(Segment fresh, Ledger ledger, IndexWriter writer) throws IOException, SQLException {
        fresh.append(ledger.segmentRecord());
        for (Map.Entry<QueueId, Long> message : abandoned.entrySet()) {
            fresh.append(Outcome.abandoned(message.getKey(), message.getValue(), fresh.number())
                    .segmentRecord());
        }
        new Batch(writer, fresh).move(doubtful);
        fresh.sync();
        long end = SegmentScanner.scan(Segment.file(directory.segments(), fresh.number()), 0, RecoveryVisitor.COUNTING);
        if (end != fresh.position()) {
            throw new IOException("segment " + fresh.number() + " does not hold what was written to it");
        }
    }

    /** Gives up the segment and the connection of the index: neither is asked a second time for what it failed to do. */
    private void failed(Exception e) {
        if (e instanceof PausedException) {
            return;
        }
        LOG.error("the store cannot write and takes nothing for now", e);
        health = new StoreHealth(false, "cannot write: " + e.getMessage());
        pause.begin();
        trust.weigh(e);
        index.dropWriter();
        Segment broken = segment;
        segment = null;
        if (broken != null) {
            try {
                broken.abandon();
            } catch (IOException again) {
                LOG.warn("segment {} cannot be closed: {}", broken.number(), again.getMessage());
            }
        }
    }

    private void roll(Segment full) {
        // The batch is answered already: what fails here is found by the next one.
        try {
            segment = null;
            full.seal();
            segment = begin();
        } catch (Exception e) {
            failed(e);
        }
    }

    private void forget(QueueId settled) {
        try {
            Files.deleteIfExists(LargeMessage.file(directory.large(), settled.text()));
        } catch (IOException e) {
            LOG.warn("the settled message {} cannot be deleted before the next start: {}", settled, e.getMessage());
        }
    }

    private void end() throws IOException {
        Segment current = segment;
        segment = null;
        if (current != null) {
            current.seal();
        }
    }

    private void refuseWaiting() {
        for (Work left = queue.poll(); left != null; left = queue.poll()) {
            left.done().complete(CommitResult.FAILED);
        }
    }

    /** Commits what waits, then ends. */
    @Override
    public void close() {
        closing = true;
        // An interrupt would close the files that it meets.
        queue.add(Work.of(new Work.Nothing()));
        Threads.join(thread);
    }

    /** It is too early to try again; says why it failed before. */
    private static final class PausedException extends IOException {
        private static final long serialVersionUID = 1L;

        PausedException(String message) {
            super(message);
        }
    }
}
