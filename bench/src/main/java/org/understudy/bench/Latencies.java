package org.understudy.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** How long each of many operations took. Immutable; every single value is kept, so that the percentiles are exact. */
final class Latencies {
    private final long[] sorted;

    private Latencies(long[] sorted) {
        this.sorted = sorted;
    }

    static Latencies of(List<Recorder> recorders) {
        long[] all = recorders.stream()
                .flatMapToLong(recorder -> Arrays.stream(recorder.nanos, 0, recorder.count))
                .sorted()
                .toArray();
        return new Latencies(all);
    }

    int count() {
        return sorted.length;
    }

    /** The value that this part of all, 0 to 1, does not exceed (nearest rank); zero if there are none. */
    Duration percentile(double part) {
        if (sorted.length == 0) {
            return Duration.ZERO;
        }
        int rank = (int) Math.ceil(part * sorted.length);
        return Duration.ofNanos(sorted[Math.min(sorted.length, Math.max(1, rank)) - 1]);
    }

    /** Collects the values of one thread. Confined to it until it has ended. */
    static final class Recorder {
        private long[] nanos = new long[1024];
        private int count;

        void add(long value) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = value;
        }
    }
}
