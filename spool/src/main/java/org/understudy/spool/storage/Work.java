package org.understudy.spool.storage;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.understudy.spool.CommitResult;

/**
 * Something that waits for the committer: a message or a change.
 *
 * @param segmentRecord what goes into the segment; a mere deferral leaves nothing there
 */
record Work(
        Optional<SegmentRecord> segmentRecord,
        Optional<IndexEntry> message,
        Optional<Change> change,
        CompletableFuture<CommitResult> done) {

    /** A message, encoded; its place is relative until it is written. */
    record Message(SegmentRecord segmentRecord, IndexEntry entry) {}

    static Work of(Message message) {
        return new Work(
                Optional.of(message.segmentRecord()),
                Optional.of(message.entry()),
                Optional.empty(),
                new CompletableFuture<>());
    }

    static Work of(Change change, Optional<Outcome> outcome) {
        return new Work(
                outcome.map(Outcome::segmentRecord), Optional.empty(), Optional.of(change), new CompletableFuture<>());
    }

    long bytes() {
        return segmentRecord.map(SegmentRecord::length).orElse(0);
    }
}
