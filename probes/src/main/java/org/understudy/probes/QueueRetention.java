package org.understudy.probes;

import java.time.Duration;
import java.util.Optional;

/**
 * How a queue ends waiting.
 *
 * @param limit how long mail waits by itself; empty if that is not known
 * @param expired units that have waited longer and wait for a decision now
 */
public record QueueRetention(Optional<Duration> limit, long expired) {
    public static final QueueRetention UNKNOWN = new QueueRetention(Optional.empty(), 0);
}
