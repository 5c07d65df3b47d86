package org.understudy.spool.forwarding;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.understudy.spool.MessageStore;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.UnitChange;

/**
 * What became of a lane's messages, on its way to stable storage while the next messages are handed on. Thread-safe.
 *
 * <p>Few are on their way at one time: a crash sends what they are about a second time.
 */
final class Outcomes {
    private final MessageStore store;
    private final Consumer<String> onFailure;
    private final int most;
    private final Semaphore room;
    private final Queue<Unrecorded> unrecorded = new ConcurrentLinkedQueue<>();

    /**
     * @param most on their way at one time
     * @param onFailure told why an outcome could not be recorded; must not wait
     */
    Outcomes(MessageStore store, int most, Consumer<String> onFailure) {
        this.store = store;
        this.onFailure = onFailure;
        this.most = most;
        this.room = new Semaphore(most);
    }

    private record Unrecorded(QueueId id, List<UnitChange> changes, CompletableFuture<Void> durable) {}

    /** Hands an outcome over, once there is room. It completes when it is durable, even if that takes {@link #recordAgain}. */
    CompletableFuture<Void> record(QueueId id, List<UnitChange> changes) {
        // The store answers every outcome, also while it closes: this wait has an end.
        room.acquireUninterruptibly();
        CompletableFuture<Void> durable = new CompletableFuture<>();
        CompletableFuture<Void> unused = store.recordLater(id, changes).whenComplete((done, failure) -> {
            room.release();
            if (failure == null) {
                durable.complete(null);
            } else {
                unrecorded.add(new Unrecorded(id, changes, durable));
                onFailure.accept(failure instanceof SpoolException ? failure.getMessage() : failure.toString());
            }
        });
        return durable;
    }

    /**
     * Tries again to record what could not be recorded. Until that is done its messages must not be handed out.
     *
     * @throws SpoolException if it still cannot
     */
    void recordAgain() {
        for (Unrecorded next = unrecorded.peek(); next != null; next = unrecorded.peek()) {
            store.record(next.id(), next.changes());
            unrecorded.remove(next);
            next.durable().complete(null);
        }
    }

    /** Waits until each outcome that was handed over is durable or has failed. */
    void await() {
        room.acquireUninterruptibly(most);
        room.release(most);
    }
}
