package org.understudy.probes.smtp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.Exchanger;
import org.understudy.smtp.Deadline;

/**
 * The rounds of questions with one exchanger of one domain, one at a time: whoever wants to know something while a round is under way
 * gets what it brings. Thread-safe.
 */
final class HostInterviews {
    private static final Duration MOMENT = Duration.ofSeconds(30);
    /** So much earlier a round ends than whoever holds it has to, so that those who wait for it as long still learn what it brought. */
    private static final Duration SPARE = Duration.ofMillis(500);
    /** What is left of the time that one had, at least, to begin a round: with less, a slow server would be taken for a mute one. */
    private static final int LEAST_SHARE = 4;

    private final Exchanger exchanger;
    private final Questions questions;
    private final Interviewer interviewer;
    private final Clock clock;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile @Nullable HostAnswers latest;
    private volatile @Nullable HostAnswers latestFull;
    private final SecuredAddresses secured;
    private volatile @Nullable Instant answeringSince;

    HostInterviews(Exchanger exchanger, Questions questions, Interviewer interviewer, Clock clock) {
        this.exchanger = exchanger;
        this.questions = questions;
        this.interviewer = interviewer;
        this.clock = clock;
        this.secured = new SecuredAddresses(clock);
    }

    Exchanger exchanger() {
        return exchanger;
    }

    /** What the last round brought, if there was one. */
    Optional<HostAnswers> latest() {
        return Optional.ofNullable(latest);
    }

    /** Since when it has given a session in every round; empty if it did not in the last. */
    Optional<Instant> answeringSince() {
        return Optional.ofNullable(answeringSince);
    }

    /** True if a round is under way, or others have all sessions with the server. */
    boolean hasToWait() {
        HostAnswers last = latest;
        return turn.isLocked() || (last != null && interviewer.isBusy(last.addresses()));
    }

    /** A new round: of everything if that is due, else only whether mail is taken. */
    HostAnswers now(Deadline deadline) {
        long known = serial();
        return inTurn(
                deadline,
                () -> Optional.ofNullable(latest).filter(others -> others.serial() > known),
                (next, end) -> hold(next, isFullDue(), end));
    }

    /**
     * A round of everything that is later than the one with this number, and still recent. Who did not answer a moment ago is not
     * tried again.
     */
    HostAnswers fullAfter(long serial, Deadline deadline) {
        return inTurn(
                deadline,
                () -> silentJustNow()
                        .or(() ->
                                Optional.ofNullable(latestFull).filter(full -> full.serial() > serial && !isFullDue())),
                (next, end) -> hold(next, true, end));
    }

    private Optional<HostAnswers> silentJustNow() {
        return Optional.ofNullable(latest)
                .filter(last -> last.isSilent() && last.at().plus(MOMENT).isAfter(clock.instant()));
    }

    /** A round of its own, in which a message is begun and not ended. Counts for nothing else, unless there was no session at all. */
    HostAnswers withoutEnd(byte[] content, Duration patience, Deadline deadline) {
        return inTurn(deadline, this::silentJustNow, (next, end) -> {
            HostAnswers answers = interviewer.round(
                    exchanger,
                    false,
                    next,
                    SecuredAddresses.NONE,
                    session -> new Interview(session, questions, exchanger.role()).withoutEnd(content, patience),
                    end);
            if (answers.isSilent()) {
                remember(answers);
            }
            return answers;
        });
    }

    private boolean isFullDue() {
        HostAnswers full = latestFull;
        return full == null
                || !full.at().plus(questions.settings().questionsEvery()).isAfter(clock.instant());
    }

    private long serial() {
        HostAnswers last = latest;
        return last == null ? 0 : last.serial();
    }

    private HostAnswers inTurn(
            Deadline deadline, Supplier<Optional<HostAnswers>> known, BiFunction<Long, Deadline, HostAnswers> round) {
        Duration atFirst = deadline.remaining();
        boolean mine;
        try {
            mine = turn.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            mine = false;
        }
        if (!mine) {
            return tooLate();
        }
        try {
            Optional<HostAnswers> enough = known.get();
            if (enough.isPresent()) {
                return enough.get();
            }
            Duration left = deadline.remaining();
            if (left.compareTo(atFirst.dividedBy(LEAST_SHARE)) < 0) {
                return tooLate();
            }
            Duration spare = left.dividedBy(LEAST_SHARE);
            return round.apply(serial() + 1, deadline.before(spare.compareTo(SPARE) < 0 ? spare : SPARE));
        } finally {
            turn.unlock();
        }
    }

    private HostAnswers tooLate() {
        return HostAnswers.none(
                serial(),
                clock.instant(),
                List.of(),
                "questions to " + exchanger.host() + " were under way all the time");
    }

    private HostAnswers hold(long serial, boolean full, Deadline deadline) {
        HostAnswers answers = interviewer.round(
                exchanger,
                full,
                serial,
                full ? SecuredAddresses.NONE : secured::known,
                session -> {
                    Interview interview = new Interview(session, questions, exchanger.role());
                    return full ? interview.thoroughly() : interview.briefly();
                },
                deadline);
        remember(answers);
        if (full && answers.isAnswering()) {
            latestFull = answers;
        }
        return answers;
    }

    private void remember(HostAnswers answers) {
        if (answers.trouble().isEmpty()) {
            interviewer.vantage().saw(questions.domain().name(), exchanger.host(), answers);
        }
        secured.saw(answers);
        Instant since = answeringSince;
        answeringSince = answers.isAnswering() ? since == null ? answers.at() : since : null;
        latest = answers;
    }
}
