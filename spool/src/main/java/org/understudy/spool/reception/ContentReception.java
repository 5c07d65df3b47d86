package org.understudy.spool.reception;

import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.Reply;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/**
 * One message on its way in: content into a draft, and the one reply. Whatever is wrong with it or with us, it takes all of its
 * content, so that none of it is ever taken for commands. Confined to the session's event loop; must be closed.
 */
final class ContentReception implements ContentScanner.Sink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ContentReception.class);

    private final Reception reception;
    private final Envelope envelope;
    private final Origin origin;
    private final MessageDraft draft;
    private final long maximumBytes;
    private final HopCounter hops = new HopCounter();
    private final MessageDigest digest = Fingerprint.sha256();
    private long size;
    private boolean failed;

    /**
     * Opens a draft and puts the trace field on top.
     *
     * @param nextHopBytes what the next hop takes, our trace field included
     */
    ContentReception(Reception reception, Envelope envelope, Origin origin, long nextHopBytes) {
        this.reception = reception;
        this.envelope = envelope;
        this.origin = origin;
        this.draft = reception.intake().begin(envelope, origin);
        byte[] trace = TraceField.of(reception.settings().hostName().text(), origin, envelope, draft.id());
        this.maximumBytes = Math.min(reception.settings().maximumMessageBytes(), nextHopBytes - trace.length);
        draft.write(trace, 0, trace.length);
    }

    /** The connection ended in the middle: there is no message, and nobody to reply to. */
    void abandon() {
        LOG.info(
                "{}: {} left in the middle of the content",
                draft.id(),
                origin.client().getHostAddress());
    }

    /** Takes content; what cannot be kept is only counted. */
    @Override
    public void take(byte[] octets, int offset, int length) {
        size += length;
        if (failed || size > maximumBytes) {
            return;
        }
        hops.see(octets, offset, length);
        digest.update(octets, offset, length);
        try {
            draft.write(octets, offset, length);
        } catch (RuntimeException e) {
            failed = true;
            LOG.error("{} could not be written", draft.id(), e);
        }
    }

    /** Why the content until now cannot become a message. */
    Optional<Reply> refusal(boolean bareCrOrLf) {
        if (size > maximumBytes) {
            return Optional.of(Replies.TOO_BIG);
        }
        if (bareCrOrLf) {
            return Optional.of(Replies.BARE_CR_OR_LF);
        }
        if (hops.hops() > reception.settings().maximumHops()) {
            return Optional.of(Replies.TOO_MANY_HOPS);
        }
        return failed ? Optional.of(Replies.LOCAL_ERROR) : Optional.empty();
    }

    /**
     * The content is complete: makes it durable, unless it is refused or here already. Complete on the event loop; until then
     * nothing else may be done with it.
     */
    CompletableFuture<Completion> finish(boolean bareCrOrLf, Executor loop) {
        Optional<Reply> refusal = refusal(bareCrOrLf);
        if (refusal.isPresent()) {
            return CompletableFuture.completedFuture(Completion.refused(refusal.get()));
        }
        Fingerprint fingerprint = Fingerprint.of(origin.client(), envelope, digest.digest());
        Optional<QueueId> before = reception.lostReceipts().take(fingerprint, origin.arrival());
        if (before.isPresent()) {
            LOG.info(
                    "{}: not stored again: {} did not hear our reply the first time",
                    before.get(),
                    origin.client().getHostAddress());
            reception.countCollapsed();
            return CompletableFuture.completedFuture(Completion.accepted(new Receipt(fingerprint, before.get())));
        }
        return commit(fingerprint, loop);
    }

    private CompletableFuture<Completion> commit(Fingerprint fingerprint, Executor loop) {
        try {
            return draft.commit(reception.workers())
                    .handleAsync((result, unforeseen) -> completion(fingerprint, result, unforeseen), loop);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(completion(fingerprint, null, e));
        }
    }

    private Completion completion(
            Fingerprint fingerprint, @Nullable CommitResult result, @Nullable Throwable unforeseen) {
        if (result == null) {
            LOG.error("{} could not be stored", draft.id(), unforeseen);
            return Completion.refused(Replies.LOCAL_ERROR);
        }
        return switch (result) {
            case STORED -> {
                LOG.info(
                        "{}: from={} client={} helo={} nrcpt={} size={}",
                        draft.id(),
                        envelope.reversePath(),
                        origin.client().getHostAddress(),
                        origin.heloName(),
                        envelope.recipients().size(),
                        size);
                reception.countAccepted();
                yield Completion.accepted(new Receipt(fingerprint, draft.id()));
            }
            case SUSPICIOUS -> Completion.refused(Replies.SUSPICIOUS);
            case NO_SPACE -> Completion.refused(Replies.NO_SPACE);
            case FAILED -> Completion.refused(Replies.LOCAL_ERROR);
        };
    }

    /** Forgets the message unless it was stored. */
    @Override
    public void close() {
        draft.discard();
    }
}
