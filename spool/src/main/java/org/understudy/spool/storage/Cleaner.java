package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.CommitResult;
import org.understudy.spool.QueueId;
import org.understudy.spool.storage.IndexEntry.Location;

/**
 * Gives disk space back: deletes segments in which nothing lives, and empties mostly dead ones when dead octets are many beside
 * the living. Reads on a thread of its own and hands what must outlive a segment to the committer in small pieces, so that
 * acceptance goes on meanwhile.
 *
 * <p>What outlives a segment: living messages, and outcomes of messages of which a copy may stand in another segment that is
 * still there. Without these an index rebuilt from the segments would send again what was settled.
 */
final class Cleaner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);
    private static final long LOOK_EVERY_NANOS = 250_000_000;
    /** Dead octets are many when they are more than one for so many living ones. */
    private static final int LIVING_PER_DEAD = 6;
    /** Below this part of a segment they are never many. */
    private static final int SLACK_SHARE = 4;

    /** While messages are settled fast, a segment is left alone until it lives for less than one part in so many. */
    private static final int LEAST_ALIVE_SHARE = 3;

    private static final int MOST_PER_RESCUE = 200;
    private static final int MOST_BYTES_PER_RESCUE = 256 * 1024;

    private final StoreDirectory directory;
    private final IndexReader index;
    private final Committer committer;
    private final SegmentUsage usage;
    private final long segmentBytes;
    private final Thread thread = new Thread(this::run, "spool-cleaner");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closed = lock.newCondition();
    private final Set<Long> damaged = new HashSet<>();
    /** Segments that would be emptied in vain, with how many stood before them when that was found out. */
    private final Map<Long, Integer> inVain = new HashMap<>();

    private boolean postponed;
    private volatile boolean closing;

    Cleaner(StoreDirectory directory, IndexReader index, Committer committer, SegmentUsage usage, long segmentBytes) {
        this.directory = directory;
        this.index = index;
        this.committer = committer;
        this.usage = usage;
        this.segmentBytes = segmentBytes;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closing) {
            try {
                if (usage.takeChanged() || postponed) {
                    postponed = false;
                    clean();
                }
            } catch (Exception e) {
                // Exception: the streams of java.nio throw, undeclared, one that is checked when a directory cannot be
                // closed.
                LOG.warn("dead segments stay for now: {}", e.getMessage());
            }
            pause();
        }
    }

    private void pause() {
        lock.lock();
        try {
            long left = LOOK_EVERY_NANOS;
            while (!closing && left > 0) {
                left = closed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            LOG.warn("the cleaner ignores an interrupt: closing is asked for by other means");
        } finally {
            lock.unlock();
        }
    }

    private void clean() throws IOException {
        if (usage.living(0) > 0) {
            recordStrays();
        }
        for (Optional<Long> next = choose(); next.isPresent() && !closing; next = choose()) {
            if (!empty(next.get())) {
                return;
            }
        }
    }

    /** The segment to empty next: the oldest dead one, else the deadest one if dead octets are many. */
    private Optional<Long> choose() throws IOException {
        long head = committer.head();
        long deadBytes = 0;
        long livingBytes = 0;
        Optional<Long> deadest = Optional.empty();
        double leastAlive = 1;
        int before = 0;
        for (long number : Segments.numbers(directory.segments())) {
            if (number >= head) {
                break;
            }
            boolean left = damaged.contains(number) || isInVain(number, before);
            before++;
            if (left) {
                continue;
            }
            long living = usage.living(number);
            if (living <= 0) {
                return Optional.of(number);
            }
            long size = Files.size(Segment.file(directory.segments(), number));
            deadBytes += size - living;
            livingBytes += living;
            if ((double) living / size < leastAlive) {
                leastAlive = (double) living / size;
                deadest = Optional.of(number);
            }
        }
        boolean many = deadBytes > Math.max(segmentBytes / SLACK_SHARE, livingBytes / LIVING_PER_DEAD);
        // What is moved now would be dead a moment later, and was moved for nothing.
        postponed = many && usage.isDying() && leastAlive * LEAST_ALIVE_SHARE > 1;
        return many && !postponed ? deadest : Optional.empty();
    }

    /** Half of those before it must be gone before it is looked at again: what it says of them need not be carried then. */
    private boolean isInVain(long number, int before) {
        Integer then = inVain.get(number);
        return then != null && before * 2 > then;
    }

    /**
     * True if most of what is dead in a segment are outcomes that would have to be carried. They would fill the next segment,
     * which would be dead in the same way, and so on without end.
     */
    private boolean wouldBeInVain(long segment, List<Long> segments) throws IOException {
        long dead = Files.size(Segment.file(directory.segments(), segment)) - usage.living(segment);
        OutcomeScale scale = new OutcomeScale(segment, segments);
        SegmentScanner.scan(Segment.file(directory.segments(), segment), 0, scale);
        return scale.octets() * 2 > dead;
    }

    /** False if it has to stay for now. */
    private boolean empty(long segment) throws IOException {
        List<Long> segments = Segments.numbers(directory.segments());
        Map<QueueId, Location> living = index.inSegment(segment);
        Rescuer rescuer = new Rescuer(segment, living, segments);
        try {
            if (wouldBeInVain(segment, segments)) {
                inVain.put(segment, segments.indexOf(segment));
                return true;
            }
            SegmentScanner.scan(Segment.file(directory.segments(), segment), 0, rescuer);
        } catch (IOException e) {
            rescuer.unreadable(String.valueOf(e.getMessage()));
        }
        if (damaged.contains(segment)) {
            return true;
        }
        if (!rescuer.finish() || !index.inSegment(segment).isEmpty() || !awaitCommitter()) {
            return false;
        }
        // A file of a large message that came back, with no record of it left, would count as one that has lost its
        // record.
        StoreDirectory.sync(directory.large());
        Files.deleteIfExists(Segment.file(directory.segments(), segment));
        StoreDirectory.sync(directory.segments());
        usage.forget(segment);
        inVain.remove(segment);
        LOG.debug("emptied segment {}: {} messages moved", segment, living.size());
        return true;
    }

    /** Large messages whose file was found without a record get one. */
    private void recordStrays() throws IOException {
        List<Work.Move> moves = new ArrayList<>();
        for (Map.Entry<QueueId, Location> stray : index.inSegment(0).entrySet()) {
            Path file = LargeMessage.file(directory.large(), stray.getKey().text());
            LargeMessage.read(file)
                    .ifPresent(entry -> moves.add(new Work.Move(
                            stray.getKey(),
                            stray.getValue(),
                            MessageRecord.large(entry).segmentRecord())));
        }
        rescue(new Work.Rescue(moves, List.of()));
    }

    /** The index says that a message is settled a moment before the committer has deleted its file. */
    private boolean awaitCommitter() {
        return rescue(new Work.Rescue(List.of(), List.of()));
    }

    private boolean rescue(Work.Rescue rescue) {
        return committer.submit(Work.of(rescue)) == CommitResult.STORED;
    }

    /** Does not wait for a segment to be emptied: that goes on after the next start. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            closed.signalAll();
        } finally {
            lock.unlock();
        }
        Threads.join(thread);
    }

    /** True if a copy of the message may stand in another segment that is still there. */
    private static boolean mustBeCarried(Outcome outcome, long segment, List<Long> segments) {
        return segments.stream().anyMatch(n -> n != segment && n >= outcome.firstCopy() && n <= outcome.lastCopy());
    }

    /** How many octets of outcomes would have to be carried out of a segment. */
    private static final class OutcomeScale implements SegmentScanner.Visitor {
        private final long segment;
        private final List<Long> segments;
        private long octets;

        OutcomeScale(long segment, List<Long> segments) {
            this.segment = segment;
            this.segments = segments;
        }

        long octets() {
            return octets;
        }

        @Override
        public void whole(byte type, long position, byte[] payload) throws IOException {
            if (type == SegmentRecord.OUTCOME && mustBeCarried(Outcome.decode(payload), segment, segments)) {
                octets += Segment.RECORD_HEADER_BYTES + payload.length;
            }
        }

        @Override
        public void damaged(long position, byte[] damage) {
            // The rescuer says so, and keeps the segment.
        }

        @Override
        public void torn(long position, byte[] end) {
            // Never acknowledged.
        }
    }

    /** Picks what must outlive a segment out of its records. */
    private final class Rescuer implements SegmentScanner.Visitor {
        private final long segment;
        private final Map<QueueId, Location> living;
        private final List<Long> segments;
        private List<Work.Move> moves = new ArrayList<>();
        private List<Outcome> outcomes = new ArrayList<>();
        private int bytes;
        private boolean failed;

        Rescuer(long segment, Map<QueueId, Location> living, List<Long> segments) {
            this.segment = segment;
            this.living = living;
            this.segments = segments;
        }

        @Override
        public void whole(byte type, long position, byte[] payload) throws IOException {
            if (failed || closing) {
                failed = true;
                return;
            }
            switch (type) {
                case SegmentRecord.MESSAGE ->
                    move(MessageRecord.decodeSmall(segment, position, payload), type, payload);
                case SegmentRecord.LARGE -> move(MessageRecord.decodeLarge(segment, position, payload), type, payload);
                case SegmentRecord.OUTCOME -> carry(Outcome.decode(payload));
                default -> {
                    // A ledger is worth nothing once there is a later one.
                }
            }
            if (moves.size() + outcomes.size() >= MOST_PER_RESCUE || bytes >= MOST_BYTES_PER_RESCUE) {
                finish();
            }
        }

        private void move(IndexEntry entry, byte type, byte[] payload) {
            Location at = living.get(entry.stored().id());
            if (at != null && at.record() == entry.location().record()) {
                bytes += payload.length;
                moves.add(new Work.Move(
                        entry.stored().id(), at, SegmentRecord.of(type, List.of(ByteBuffer.wrap(payload)))));
            }
        }

        private void carry(Outcome outcome) {
            if (mustBeCarried(outcome, segment, segments)) {
                outcomes.add(outcome.carried());
            }
        }

        /** Hands over what was picked; false if something could not be. */
        boolean finish() {
            if (!moves.isEmpty() || !outcomes.isEmpty()) {
                failed |= !rescue(new Work.Rescue(moves, outcomes));
                moves = new ArrayList<>();
                outcomes = new ArrayList<>();
                bytes = 0;
            }
            return !failed;
        }

        @Override
        public void damaged(long position, byte[] octets) {
            unreadable("damaged at " + position);
        }

        void unreadable(String why) {
            LOG.error("segment {} stays as it is, look at it with 'spool verify': {}", segment, why);
            damaged.add(segment);
            failed = true;
        }

        @Override
        public void torn(long position, byte[] octets) {
            // Never acknowledged: it was cut at the start, or belongs to a batch that failed.
        }
    }
}
