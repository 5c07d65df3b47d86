package org.understudy.spool.storage;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.understudy.spool.CommitResult;
import org.understudy.spool.QueueId;
import org.understudy.spool.storage.IndexEntry.Location;

/** Something that waits for the committer. */
record Work(Task task, CompletableFuture<CommitResult> done) {
    /** What is to be done. */
    sealed interface Task {
        /** Octets that it brings into the segment. */
        int bytes();
    }

    /** A message, encoded; its place is unknown until it is written. */
    record Message(SegmentRecord segmentRecord, IndexEntry entry) implements Task {
        @Override
        public int bytes() {
            return segmentRecord.length();
        }
    }

    /**
     * What an attempt did to a message.
     *
     * @param outcome what of it goes into the segment; a mere deferral leaves nothing there
     */
    record Settlement(Change change, Optional<Outcome> outcome) implements Task {
        @Override
        public int bytes() {
            return 0;
        }
    }

    /** What must outlive a segment that is being emptied. */
    record Rescue(List<Move> moves, List<Outcome> outcomes) implements Task {
        @Override
        public int bytes() {
            return moves.stream().mapToInt(m -> m.segmentRecord().length()).sum();
        }
    }

    /** A living message, encoded again; skipped if it is not there any more when its turn comes. */
    record Move(QueueId id, Location from, SegmentRecord segmentRecord) {}

    /** Ends the wait for something to do. */
    record Nothing() implements Task {
        @Override
        public int bytes() {
            return 0;
        }
    }

    static Work of(Task task) {
        return new Work(task, new CompletableFuture<>());
    }
}
