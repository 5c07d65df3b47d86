package org.understudy.spool.reception;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Envelope;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/** Keeps what is received in memory, and does with commits what the test wants. Thread-safe. */
final class MemoryIntake implements MessageIntake {

    record Stored(Envelope envelope, Origin origin, String text) {
        /** Without the trace field on top. */
        String body() {
            int end = text.indexOf("\r\n", text.indexOf("; ")) + 2;
            return text.substring(end);
        }
    }

    private final List<Stored> messages = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger(1_000_000);
    private final AtomicInteger open = new AtomicInteger();
    volatile CommitResult result = CommitResult.STORED;
    volatile boolean explode;
    volatile @Nullable CountDownLatch gate;
    volatile @Nullable CountDownLatch committing;

    /** Drafts that were neither stored nor discarded yet. */
    int open() {
        return open.get();
    }

    List<Stored> messages() {
        return messages;
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        QueueId id = new QueueId(Integer.toString(ids.incrementAndGet()));
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        open.incrementAndGet();
        return new MessageDraft() {
            private boolean ended;

            @Override
            public QueueId id() {
                return id;
            }

            @Override
            public void write(byte[] data, int offset, int length) {
                octets.write(data, offset, length);
            }

            @Override
            public CommitResult commit() {
                CountDownLatch begun = committing;
                if (begun != null) {
                    begun.countDown();
                }
                CountDownLatch wait = gate;
                if (wait != null) {
                    try {
                        wait.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return CommitResult.FAILED;
                    }
                }
                if (explode) {
                    throw new IllegalStateException("secret detail");
                }
                if (result == CommitResult.STORED) {
                    discard();
                    messages.add(new Stored(envelope, origin, octets.toString(StandardCharsets.ISO_8859_1)));
                }
                return result;
            }

            @Override
            public void discard() {
                if (!ended) {
                    ended = true;
                    open.decrementAndGet();
                }
            }
        };
    }
}
