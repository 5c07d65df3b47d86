package org.understudy.alerts;

import java.time.Instant;
import java.util.Optional;

/**
 * A notification in the outbox, whatever became of it.
 *
 * @param title subject line as people see it
 * @param finishedAt when it was delivered, failed or superseded; empty while pending
 * @param attempts tries so far
 * @param detail what came of the latest try, or why it was superseded; without any secret
 */
public record SentNotification(
        long id,
        String channel,
        String incident,
        AlertKey key,
        NotifyReason reason,
        String title,
        Status status,
        Instant createdAt,
        Optional<Instant> finishedAt,
        int attempts,
        String detail) {

    /** What became of it. */
    public enum Status {
        /** Waits for its turn, or to be tried again. */
        PENDING,
        /** Being handed to the channel. */
        SENDING,
        /** Accepted by the channel. */
        DELIVERED,
        /** Refused for good, or given up. */
        FAILED,
        /** No longer worth sending: something newer says it all. */
        SUPERSEDED
    }
}
