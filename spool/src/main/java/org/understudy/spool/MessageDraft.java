package org.understudy.spool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A message on its way in. Used by one thread at a time. Must end in {@link #commit()} or {@link #discard()}; nothing of it is
 * kept otherwise.
 */
public interface MessageDraft {

    /** The id the message will have. */
    QueueId id();

    /**
     * Appends content octets, not dot-stuffed. Memory used does not grow with the length of the content. A failure to write
     * is remembered and reported by {@link #commit()}.
     */
    void write(byte[] octets, int offset, int length);

    /** Makes content and envelope durable; returns when they are, or when it is certain that nothing was kept. */
    CommitResult commit();

    /**
     * The same without waiting for it. Nothing else may be done with the draft until it is complete, which any thread may make
     * it; it fails only with what {@link #commit()} would throw.
     *
     * @param blocking runs what has to wait
     */
    default CompletableFuture<CommitResult> commit(Executor blocking) {
        return CompletableFuture.supplyAsync(this::commit, blocking);
    }

    /**
     * The same draft, after which something is done once it is stored and before that is known to anybody.
     *
     * @param sequel short; run by whatever thread has committed
     */
    default MessageDraft onceStored(Runnable sequel) {
        return new FollowedDraft(this, sequel);
    }

    /** Forgets the message. Does nothing after {@link #commit()}. */
    void discard();
}
