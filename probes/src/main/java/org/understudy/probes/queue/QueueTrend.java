package org.understudy.probes.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.understudy.probes.QueueDetails.Room;
import org.understudy.probes.QueueSnapshot;

/**
 * How fast a queue empties, or its place fills, of late. It is told of every look, and remembers those of an hour at most.
 * Thread-safe.
 */
final class QueueTrend {
    private static final Duration MEMORY = Duration.ofHours(1);
    /** Long enough for single messages not to count for much, and short enough to see that mail flows again. */
    private static final Duration WINDOW = Duration.ofMinutes(10);
    /** With one look every five seconds there would be no more. */
    private static final int MOST = 720;

    private final Deque<Look> looks = new ArrayDeque<>();

    private record Look(Instant at, long queued, Optional<Room> room) {}

    /**
     * What the last minutes show; nothing after the first look.
     *
     * @param drainPerSecond messages that the queue has become shorter by; below zero if it has become longer
     * @param untilEmpty at that rate, if it becomes shorter
     * @param untilFull at the rate at which mail in its place grows, if it grows and the place is known
     */
    record Course(Optional<Double> drainPerSecond, Optional<Duration> untilEmpty, Optional<Duration> untilFull) {}

    synchronized Course after(QueueSnapshot snapshot, Instant now) {
        Look last = new Look(now, snapshot.queued(), snapshot.details().room());
        // A clock that was set back makes nonsense of the others.
        if (!looks.isEmpty() && !looks.getLast().at.isBefore(now)) {
            looks.clear();
        }
        while (!looks.isEmpty() && (looks.size() >= MOST || looks.getFirst().at.isBefore(now.minus(MEMORY)))) {
            looks.removeFirst();
        }
        Optional<Look> first = looks.stream()
                .filter(look -> !look.at.isBefore(now.minus(WINDOW)))
                .findFirst()
                .or(() -> Optional.ofNullable(looks.peekLast()));
        looks.addLast(last);
        return first.map(look -> course(look, last))
                .orElseGet(() -> new Course(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static Course course(Look first, Look last) {
        double seconds = Duration.between(first.at, last.at).toMillis() / 1000.0;
        double drain = (first.queued - last.queued) / seconds;
        return new Course(Optional.of(drain), untilEmpty(last.queued, drain), untilFull(first, last, seconds));
    }

    private static Optional<Duration> untilEmpty(long queued, double drain) {
        if (queued == 0) {
            return Optional.of(Duration.ZERO);
        }
        return drain > 0 ? Optional.of(lasting(queued / drain)) : Optional.empty();
    }

    private static Optional<Duration> untilFull(Look first, Look last, double seconds) {
        return last.room.flatMap(now -> first.room
                .map(then -> (now.taken() - then.taken()) / seconds)
                .filter(growth -> growth > 0)
                .map(growth -> lasting(Math.max(0, now.left()) / growth)));
    }

    private static Duration lasting(double seconds) {
        return Duration.ofSeconds((long) seconds);
    }
}
