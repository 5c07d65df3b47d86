package org.understudy.spool.filtering;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Envelope;
import org.understudy.spool.ClientListings;
import org.understudy.spool.CommitResult;
import org.understudy.spool.FilterSettings;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;

/** A message that is kept back until the filters have spoken. One thread at a time. */
final class FilteredDraft implements MessageDraft {
    private static final Logger LOG = LoggerFactory.getLogger(FilteredDraft.class);

    private final FilteredIntake intake;
    private final MessageDraft draft;
    private final Envelope envelope;
    private final Origin origin;
    /** Null once it has gone on. */
    private @Nullable HeldContent held;

    FilteredDraft(FilteredIntake intake, MessageDraft draft, Envelope envelope, Origin origin) {
        this.intake = intake;
        this.draft = draft;
        this.envelope = envelope;
        this.origin = origin;
        this.held = intake.hold();
    }

    @Override
    public QueueId id() {
        return draft.id();
    }

    @Override
    public void write(byte[] octets, int offset, int length) {
        HeldContent content = held;
        if (content != null && content.size() + length > intake.settings().largestBytes()) {
            LOG.info("{} is too large to be looked into", id());
            letThrough(content, Optional.empty());
            content = null;
        }
        if (content == null) {
            draft.write(octets, offset, length);
            return;
        }
        try {
            content.add(octets, offset, length);
        } catch (IOException e) {
            throw new HoldingFailedException(e);
        }
    }

    @Override
    public CommitResult commit() {
        return commit(Runnable::run).join();
    }

    @Override
    public CompletableFuture<CommitResult> commit(Executor blocking) {
        HeldContent content = held;
        if (content == null) {
            intake.countUnchecked();
            return draft.commit(blocking);
        }
        return CompletableFuture.supplyAsync(() -> decide(content), blocking)
                .thenCompose(goesOn ->
                        goesOn ? draft.commit(blocking) : CompletableFuture.completedFuture(CommitResult.SUSPICIOUS))
                .whenComplete((result, trouble) -> {
                    if (result != CommitResult.STORED) {
                        discard();
                    }
                });
    }

    /** True if it is to be stored; then all of it is in the draft behind this one. */
    private boolean decide(HeldContent content) {
        List<Opinion> opinions = opinions(content);
        String objections = words(opinions, Opinion.Kind.SUSPICIOUS);
        if (objections.isEmpty()) {
            count(opinions);
            letThrough(content, Optional.empty());
            return true;
        }
        if (intake.canBePutOff(envelope)) {
            LOG.info("{}: put off while the primary is up: {}", id(), objections);
            intake.countDeferred();
            return false;
        }
        LOG.info("{}: taken with a mark: {}", id(), objections);
        intake.countMarked();
        byte[] mark = intake.mark().field(objections);
        // Without the mark rather than not at all.
        boolean fits = intake.fits(envelope, content.size() + mark.length);
        letThrough(content, fits ? Optional.of(mark) : Optional.empty());
        return true;
    }

    private void count(List<Opinion> opinions) {
        String missing = words(opinions, Opinion.Kind.NONE);
        if (missing.isEmpty()) {
            intake.countClean();
        } else {
            LOG.info("{}: taken unchecked: {}", id(), missing);
            intake.countUnchecked();
        }
    }

    private static String words(List<Opinion> opinions, Opinion.Kind kind) {
        return opinions.stream()
                .filter(opinion -> opinion.kind() == kind)
                .map(Opinion::words)
                .collect(Collectors.joining("; "));
    }

    private List<Opinion> opinions(HeldContent content) {
        FilterSettings settings = intake.settings();
        List<Opinion> opinions = new ArrayList<>();
        long begun = System.nanoTime();
        settings.listings().ifPresent(lists -> {
            ClientListings.Answer answer = lists.of(origin.client(), settings.time());
            answer.listings().forEach(words -> opinions.add(Opinion.suspicious(words)));
            answer.troubles().forEach(words -> opinions.add(Opinion.none(words)));
        });
        Duration left = settings.time().minusNanos(System.nanoTime() - begun);
        intake.rspamd()
                .ifPresent(rspamd -> opinions.add(
                        left.isNegative() || left.isZero()
                                ? Opinion.none("no time was left for rspamd")
                                : rspamd.examine(id(), envelope, origin, content, left)));
        return opinions;
    }

    private void letThrough(HeldContent content, Optional<byte[]> mark) {
        held = null;
        try (content) {
            mark.ifPresent(field -> draft.write(field, 0, field.length));
            content.writeTo(draft);
        } catch (IOException e) {
            throw new HoldingFailedException(e);
        }
    }

    @Override
    public void discard() {
        HeldContent content = held;
        held = null;
        if (content != null) {
            content.close();
        }
        draft.discard();
    }

    /** Reported by {@link #commit()}, or at once while content comes: the message is answered 451. */
    private static final class HoldingFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HoldingFailedException(IOException cause) {
            super("what waits for the filters cannot be kept: " + cause.getMessage(), cause);
        }
    }
}
