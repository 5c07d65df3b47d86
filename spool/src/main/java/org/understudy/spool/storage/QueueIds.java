package org.understudy.spool.storage;

import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.understudy.spool.QueueId;

/** Makes ids that never repeat and sort by time, also when the clock steps back. Thread-safe. */
final class QueueIds {
    private static final int RADIX = 36;
    private static final int LENGTH = 12;
    /** Room for so many ids in one millisecond before the counter runs ahead of the clock. */
    private static final int PER_MILLISECOND = 4096;

    private final Clock clock;
    private final AtomicLong last;

    /** @param last number of an id; those made from now on sort after it */
    QueueIds(Clock clock, long last) {
        this.clock = clock;
        this.last = new AtomicLong(last);
    }

    /** The number in an id of ours, 0 if it is from elsewhere. */
    static long number(QueueId id) {
        try {
            return Long.parseLong(id.text(), RADIX);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    QueueId next() {
        return id(last.updateAndGet(before -> Math.max(before + 1, clock.millis() * PER_MILLISECOND)));
    }

    /** The first number that is given at an instant. */
    static long first(Instant at) {
        return at.toEpochMilli() * PER_MILLISECOND;
    }

    /** When an id with a number was given, if the clock was right. */
    static Instant instant(long number) {
        return Instant.ofEpochMilli(number / PER_MILLISECOND);
    }

    /** The id with a number. */
    static QueueId id(long number) {
        String digits = Long.toString(number, RADIX).toUpperCase(Locale.ROOT);
        return new QueueId("0".repeat(LENGTH - digits.length()) + digits);
    }
}
