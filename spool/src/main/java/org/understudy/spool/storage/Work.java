package org.understudy.spool.storage;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.understudy.spool.CommitResult;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/**
 * Something that waits for the committer: exactly one of the three.
 *
 * @param message content for a segment
 * @param large a message already durable in its own file
 * @param change of the units of a stored message
 */
record Work(
        Optional<Small> message,
        Optional<IndexEntry> large,
        Optional<Index.Change> change,
        CompletableFuture<CommitResult> done) {

    /** A message for a segment. */
    record Small(StoredEnvelope stored, List<ByteBuffer> content, long size) {}

    static Work of(Small message) {
        return new Work(Optional.of(message), Optional.empty(), Optional.empty(), new CompletableFuture<>());
    }

    static Work of(IndexEntry large) {
        return new Work(Optional.empty(), Optional.of(large), Optional.empty(), new CompletableFuture<>());
    }

    static Work of(Index.Change change) {
        return new Work(Optional.empty(), Optional.empty(), Optional.of(change), new CompletableFuture<>());
    }

    /** What of a change must survive the loss of the index; deferrals need not. */
    Optional<Outcome> outcome() {
        return change.map(c -> new Outcome(
                        c.id(),
                        false,
                        c.units().stream()
                                .filter(u -> u.state() != UnitState.QUEUED)
                                .map((UnitChange u) -> new Outcome.Settled(u.number(), u.state(), u.reply()))
                                .toList()))
                .filter(o -> !o.units().isEmpty());
    }
}
