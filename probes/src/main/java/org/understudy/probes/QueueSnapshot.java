package org.understudy.probes;

import java.time.Instant;
import java.util.Optional;

/**
 * A queue at one moment.
 *
 * @param nextHopUp whether the queue's owner takes its next hop to be up
 * @param queued units waiting
 * @param quarantined units that wait for a decision
 * @param oldestArrival of the oldest waiting unit
 * @param upSince when the next hop came up, if it is up
 * @param lastError the next hop's last words of trouble, or empty
 * @param refused whether the next hop refuses all mail, which is reported elsewhere
 * @param order who has the mail of the domain held, and why, or empty if nobody has
 * @param retention how long mail waits, and what has waited longer
 * @param details what only some queues tell
 */
public record QueueSnapshot(
        boolean nextHopUp,
        long queued,
        long quarantined,
        long bytes,
        Optional<Instant> oldestArrival,
        Optional<Instant> upSince,
        String lastError,
        boolean refused,
        String order,
        QueueRetention retention,
        QueueDetails details) {

    /** Of a queue whose retention is not known. */
    public QueueSnapshot(
            boolean nextHopUp,
            long queued,
            long quarantined,
            long bytes,
            Optional<Instant> oldestArrival,
            Optional<Instant> upSince,
            String lastError,
            boolean refused,
            String order) {
        this(
                nextHopUp,
                queued,
                quarantined,
                bytes,
                oldestArrival,
                upSince,
                lastError,
                refused,
                order,
                QueueRetention.UNKNOWN,
                QueueDetails.NONE);
    }
}
