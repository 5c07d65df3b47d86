package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.QueueId;

/**
 * A message on its way in: in memory while it is small and memory is there for it, else in a file of its own. Confined to one
 * thread.
 */
final class Draft implements MessageDraft {
    private static final Logger LOG = LoggerFactory.getLogger(Draft.class);

    private final Desk desk;
    private final StoredEnvelope stored;
    private ContentBuffer buffer = new ContentBuffer();
    private @Nullable LargeMessage large;
    private @Nullable IOException failure;
    private boolean ended;

    Draft(Desk desk, StoredEnvelope stored) {
        this.desk = desk;
        this.stored = stored;
    }

    /** What all drafts of a store share. */
    record Desk(
            StoreDirectory directory,
            SpaceGate space,
            Committer committer,
            MemoryBudget memory,
            long largeMessageBytes) {}

    @Override
    public QueueId id() {
        return stored.id();
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
        if (failure != null || ended) {
            return;
        }
        try {
            LargeMessage file = large;
            if (file == null
                    && (buffer.size() + length > desk.largeMessageBytes()
                            || !desk.memory().take(length))) {
                file = spill();
            }
            if (file == null) {
                buffer.add(octets, offset, length);
            } else {
                file.add(ByteBuffer.wrap(octets, offset, length));
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private LargeMessage spill() throws IOException {
        if (!desk.space().isOpen()) {
            throw new IOException("no space left above the reserve");
        }
        LargeMessage file = LargeMessage.create(desk.directory().large(), stored);
        large = file;
        for (ByteBuffer piece : buffer.read()) {
            file.add(piece);
        }
        releaseBuffer();
        return file;
    }

    private void releaseBuffer() {
        desk.memory().release(buffer.size());
        buffer = new ContentBuffer();
    }

    @Override
    public CommitResult commit() {
        return commit(Runnable::run).join();
    }

    /** Only a file of its own is waited for by a thread; what is small waits for the committer by itself. */
    @Override
    public CompletableFuture<CommitResult> commit(Executor blocking) {
        if (ended) {
            throw new IllegalStateException("the draft " + stored.id() + " has ended");
        }
        CompletableFuture<CommitResult> committed;
        LargeMessage file = large;
        if (!desk.space().isOpen()) {
            committed = CompletableFuture.completedFuture(CommitResult.NO_SPACE);
        } else if (failure != null) {
            committed = CompletableFuture.completedFuture(failed(failure));
        } else if (desk.committer().hasEnded()) {
            committed = CompletableFuture.completedFuture(CommitResult.FAILED);
        } else if (file == null) {
            committed =
                    desk.committer().submitLater(Work.of(MessageRecord.small(stored, buffer.read(), buffer.size())));
        } else {
            committed = CompletableFuture.supplyAsync(() -> commit(file), blocking);
        }
        return committed.whenComplete(this::end);
    }

    private CommitResult commit(LargeMessage file) {
        try {
            return desk.committer().submit(Work.of(MessageRecord.large(file.finish(stored))));
        } catch (IOException e) {
            return failed(e);
        }
    }

    private CommitResult failed(IOException why) {
        LOG.error("the message {} cannot be stored: {}", stored.id(), why.getMessage());
        return DiskFull.isReason(why) ? CommitResult.NO_SPACE : CommitResult.FAILED;
    }

    private void end(@Nullable CommitResult result, @Nullable Throwable unforeseen) {
        if (result == CommitResult.STORED) {
            ended = true;
            releaseBuffer();
        } else {
            discard();
        }
    }

    @Override
    public void discard() {
        if (ended) {
            return;
        }
        ended = true;
        releaseBuffer();
        if (large != null) {
            large.discard();
        }
    }
}
