package org.understudy.probes.smtp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.Exchanger;
import org.understudy.smtp.Deadline;

/**
 * The rounds of questions with one exchanger of one domain, one at a time: whoever wants to know something while a round is under way
 * gets what it brings. Thread-safe.
 */
final class HostInterviews {
    private static final Duration MOMENT = Duration.ofSeconds(30);

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
        return inTurn(deadline, next -> {
            HostAnswers others = latest;
            return others != null && others.serial() > known ? others : hold(next, isFullDue(), deadline);
        });
    }

    /**
     * A round of everything that is later than the one with this number, and still recent. Who did not answer a moment ago is not
     * tried again.
     */
    HostAnswers fullAfter(long serial, Deadline deadline) {
        return inTurn(deadline, next -> {
            HostAnswers last = latest;
            if (last != null && last.isSilent() && last.at().plus(MOMENT).isAfter(clock.instant())) {
                return last;
            }
            HostAnswers full = latestFull;
            return full != null && full.serial() > serial && !isFullDue() ? full : hold(next, true, deadline);
        });
    }

    /** A round of its own, in which a message is begun and not ended. Counts for nothing else. */
    HostAnswers withoutEnd(byte[] content, Duration patience, Deadline deadline) {
        return inTurn(
                deadline,
                next -> interviewer.round(
                        exchanger,
                        false,
                        next,
                        SecuredAddresses.NONE,
                        session -> new Interview(session, questions, exchanger.role()).withoutEnd(content, patience),
                        deadline));
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

    private HostAnswers inTurn(Deadline deadline, Function<Long, HostAnswers> round) {
        boolean mine;
        try {
            mine = turn.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            mine = false;
        }
        Instant now = clock.instant();
        if (!mine) {
            return HostAnswers.none(
                    serial(), now, List.of(), "questions to " + exchanger.host() + " were under way all the time");
        }
        try {
            return round.apply(serial() + 1);
        } finally {
            turn.unlock();
        }
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
        if (answers.trouble().isEmpty()) {
            interviewer.vantage().saw(questions.domain().name(), exchanger.host(), answers);
        }
        secured.saw(answers);
        Instant since = answeringSince;
        answeringSince = answers.isAnswering() ? since == null ? answers.at() : since : null;
        latest = answers;
        if (full && answers.isAnswering()) {
            latestFull = answers;
        }
        return answers;
    }
}
