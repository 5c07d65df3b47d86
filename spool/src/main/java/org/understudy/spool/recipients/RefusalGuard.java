package org.understudy.spool.recipients;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Notices when a next hop suddenly does not know its recipients any more: a directory of its own has failed, and its refusals
 * mean nothing. Thread-safe.
 *
 * <p>Two signs: several addresses that were seen valid are refused within an hour; or of all that were asked for in ten minutes
 * more than five times as many are refused as usual. The second needs a past to compare with, and cannot happen where most of
 * what is asked for does not exist anyway. A flood of guessed addresses may look like it; then refusals are not believed for a
 * while, which does no harm.
 */
final class RefusalGuard {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration MEMORY = Duration.ofHours(1);
    private static final int KNOWN_REFUSED = 3;
    private static final int MOST_KNOWN_REFUSED = 100;
    private static final int ENOUGH_NOW = 20;
    private static final int ENOUGH_PAST = 100;
    private static final double TIMES_USUAL = 5;
    /** Below this the usual share is not taken to be: one refusal more would be a storm. */
    private static final double LEAST_USUAL = 0.02;
    /** What lasts so long is usual from then on. */
    private static final Duration BECOMES_USUAL = Duration.ofHours(24);
    /** The past weighs as much as so many answers; older ones fade. */
    private static final double MOST_PAST = 10_000;

    /** Answers of one minute. */
    private static final class Minute {
        private final long number;
        private int answers;
        private int refusals;

        Minute(long number) {
            this.number = number;
        }
    }

    private final Deque<Minute> recent = new ArrayDeque<>();
    private final Map<String, Instant> knownRefused = new HashMap<>();
    private double pastAnswers;
    private double pastRefusals;
    private Optional<Instant> began = Optional.empty();
    private Optional<Instant> ended = Optional.empty();

    /** A recipient was taken. */
    synchronized void taken(Instant now, String key) {
        knownRefused.remove(key);
        count(now, false);
    }

    /**
     * A recipient was refused.
     *
     * @param known true if it was seen valid, and not long ago
     */
    synchronized void refused(Instant now, String key, boolean known) {
        if (known && knownRefused.size() < MOST_KNOWN_REFUSED) {
            knownRefused.put(key, now);
        }
        count(now, true);
        judge(now);
    }

    /** True while refusals mean nothing. */
    synchronized boolean isSuspicious(Instant now) {
        judge(now);
        return began.isPresent() && ended.isEmpty();
    }

    /** True if a refusal of that time is to be believed: not from shortly before the trouble was noticed, nor while it lasted. */
    synchronized boolean believes(Instant refusal, Instant now) {
        judge(now);
        return began.isEmpty()
                || refusal.isBefore(began.get().minus(MEMORY))
                || ended.filter(end -> !refusal.isBefore(end)).isPresent();
    }

    private void count(Instant now, boolean refused) {
        long number = now.getEpochSecond() / 60;
        Minute last = recent.peekLast();
        if (last == null || last.number != number) {
            last = new Minute(number);
            recent.addLast(last);
        }
        last.answers++;
        last.refusals += refused ? 1 : 0;
    }

    private void judge(Instant now) {
        knownRefused.values().removeIf(at -> !now.isBefore(at.plus(MEMORY)));
        forget(now);
        boolean suspicious = knownRefused.size() >= KNOWN_REFUSED || isShareUnusual();
        if (suspicious && (began.isEmpty() || ended.isPresent())) {
            began = Optional.of(now);
            ended = Optional.empty();
        } else if (!suspicious && began.isPresent() && ended.isEmpty()) {
            ended = Optional.of(now);
        }
    }

    private boolean isShareUnusual() {
        int answers = 0;
        int refusals = 0;
        for (Minute minute : recent) {
            answers += minute.answers;
            refusals += minute.refusals;
        }
        if (answers < ENOUGH_NOW || pastAnswers < ENOUGH_PAST) {
            return false;
        }
        double usual = Math.max(LEAST_USUAL, pastRefusals / pastAnswers);
        return (double) refusals / answers > TIMES_USUAL * usual;
    }

    /** What leaves the window becomes the past, unless it is of the trouble. */
    private void forget(Instant now) {
        long oldest = now.minus(WINDOW).getEpochSecond() / 60;
        boolean counts = began.isEmpty()
                || ended.isPresent()
                || !now.isBefore(began.get().plus(BECOMES_USUAL));
        for (Minute first = recent.peekFirst(); first != null && first.number < oldest; first = recent.peekFirst()) {
            recent.removeFirst();
            if (counts) {
                pastAnswers += first.answers;
                pastRefusals += first.refusals;
            }
        }
        if (pastAnswers > MOST_PAST) {
            pastRefusals *= MOST_PAST / pastAnswers;
            pastAnswers = MOST_PAST;
        }
    }
}
