package org.understudy.alerts;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a channel does.
 *
 * @param healthy false once it refused a notification for good, or has not taken one for five minutes of trying; true
 *     again after the next success
 * @param lastError of the latest failure, without any secret; empty if there was none
 * @param pending notifications not delivered yet
 * @param oldestPending age of the oldest of them
 */
public record ChannelStatus(
        String name,
        String kind,
        boolean healthy,
        Optional<Instant> lastSuccess,
        Optional<Instant> lastFailure,
        String lastError,
        int pending,
        Optional<Duration> oldestPending) {}
