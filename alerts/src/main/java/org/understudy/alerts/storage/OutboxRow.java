package org.understudy.alerts.storage;

import java.time.Instant;
import java.util.Optional;
import org.understudy.alerts.Alert;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.SentNotification.Status;

/**
 * One notification for one channel.
 *
 * @param uncertain a failed try may have arrived
 * @param alert as it was when the notification was decided
 */
public record OutboxRow(
        long id,
        String channel,
        NotifyReason reason,
        int sequence,
        Status status,
        boolean uncertain,
        Instant createdAt,
        Optional<Instant> finishedAt,
        int attempts,
        String detail,
        Alert alert) {

    /** Whether people may have read it. */
    public boolean told() {
        return uncertain || status == Status.DELIVERED || status == Status.SENDING;
    }
}
