package org.understudy.spool.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.understudy.smtp.ReversePath;

/**
 * How far the refusals of a next hop are believed. One that has just come back, or was never spoken to, may be half configured:
 * what it refuses before it has taken anything is kept, and after a few refusals in a row nothing more is offered. Not
 * thread-safe: guarded by its lane.
 */
final class Confidence {
    /** So many refusals before the first success stop the lane. */
    static final int MOST_DOUBTED_REFUSALS = 3;
    /** So long after an outage a refusal of content without a reason is taken for a fault of the path. */
    private static final Duration RECOVERY = Duration.ofMinutes(60);

    private static final String DOUBTED = "refuses mail just after an outage or start: ";

    private boolean proven;
    private int refusals;
    private Optional<Instant> recovering = Optional.empty();
    /** The last sender that was refused, if none was accepted since. */
    private Optional<ReversePath> refusedSender = Optional.empty();

    /** The next hop is back after an outage. */
    void begin(Instant now) {
        proven = false;
        refusals = 0;
        refusedSender = Optional.empty();
        recovering = Optional.of(now.plus(RECOVERY));
    }

    /** A person, or a message that came through alone, says that the path is good: from now on refusals count. */
    void vouchedFor() {
        proven = true;
        refusals = 0;
        refusedSender = Optional.empty();
        recovering = Optional.empty();
    }

    /** True if the next hop has taken something since it came back. */
    boolean isProven() {
        return proven;
    }

    boolean isRecovering(Instant now) {
        return recovering.filter(now::isBefore).isPresent();
    }

    /**
     * Learns from a judgement, and says what is to be believed of it.
     *
     * @param pilot true if the lane is frozen and this message was to find out whether it must be
     */
    Judgement weigh(Judgement said, ReversePath sender, boolean pilot) {
        if (said.has(ReplyClass.ACCEPTED)) {
            proven = true;
            refusals = 0;
        }
        Judgement judgement = weighSender(said, sender);
        if (proven && !pilot) {
            judgement = blameWhatStopsAlone(judgement);
        }
        return judgement.blamesMail() && !proven ? doubt(judgement) : judgement;
    }

    /** A second sender in a row that is refused: it is not the senders. */
    private Judgement weighSender(Judgement judgement, ReversePath sender) {
        Optional<Fate> refused = judgement.first(ReplyClass.SENDER);
        if (refused.isEmpty()) {
            refusedSender = judgement.senderAccepted() ? Optional.empty() : refusedSender;
            return judgement;
        }
        boolean another = refusedSender.filter(s -> !s.equals(sender)).isPresent();
        refusedSender = Optional.of(sender);
        return another
                ? judgement
                        .with(f -> f.why() == ReplyClass.SENDER ? f.because(ReplyClass.PATH) : f)
                        .freezing(refused.get().words())
                : judgement;
    }

    /** What froze the lane before, while others have come through since, is itself at fault: it must not stop them for ever. */
    private static Judgement blameWhatStopsAlone(Judgement judgement) {
        if (!judgement.freezes()) {
            return judgement;
        }
        Judgement blaming = judgement.with(f ->
                f.why() == ReplyClass.PATH && UnitChanges.hasStoppedLane(f.unit()) ? f.because(ReplyClass.CONTENT) : f);
        return blaming.has(ReplyClass.PATH) ? blaming : blaming.notFreezing();
    }

    private Judgement doubt(Judgement judgement) {
        refusals++;
        String words = judgement.fates().stream()
                .filter(f -> f.why().blamesMail())
                .findFirst()
                .orElseThrow()
                .words();
        Judgement doubted = judgement.with(f -> f.why().blamesMail() ? f.because(ReplyClass.DOUBTED) : f);
        if (refusals < MOST_DOUBTED_REFUSALS) {
            return doubted;
        }
        refusals = 0;
        return doubted.freezing(DOUBTED + words);
    }
}
