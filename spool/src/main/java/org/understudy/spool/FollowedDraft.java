package org.understudy.spool;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A draft after which something is done once it is stored. */
final class FollowedDraft implements MessageDraft {
    private final MessageDraft draft;
    private final Runnable sequel;

    FollowedDraft(MessageDraft draft, Runnable sequel) {
        this.draft = draft;
        this.sequel = sequel;
    }

    @Override
    public QueueId id() {
        return draft.id();
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
        draft.write(octets, offset, length);
    }

    @Override
    public CommitResult commit() {
        return followed(draft.commit());
    }

    @Override
    public CompletableFuture<CommitResult> commit(Executor blocking) {
        return draft.commit(blocking).thenApply(this::followed);
    }

    private CommitResult followed(CommitResult result) {
        if (result == CommitResult.STORED) {
            sequel.run();
        }
        return result;
    }

    @Override
    public void discard() {
        draft.discard();
    }
}
