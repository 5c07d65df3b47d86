package org.understudy.spool.reception;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.spool.QueueId;

/**
 * Messages that were stored, and whose sender perhaps never read our 250: the session ended before it said anything more (RFC
 * 1047). It will send them again, and they need not be stored again. Thread-safe; lives in memory, with bounds.
 */
final class LostReceipts {
    private static final Duration KEPT = Duration.ofHours(24);
    private static final int MOST = 10_000;

    private record Entry(QueueId id, Instant since) {}

    /** Oldest first. Guarded by itself. */
    private final Map<Fingerprint, Entry> entries = new LinkedHashMap<>();

    void add(Receipt receipt, Instant now) {
        synchronized (entries) {
            // Taken out first, so that it becomes the youngest.
            entries.remove(receipt.fingerprint());
            entries.put(receipt.fingerprint(), new Entry(receipt.id(), now));
            if (entries.size() > MOST) {
                entries.remove(entries.keySet().iterator().next());
            }
        }
    }

    /**
     * The id under which the message was stored before. It is forgotten with that: if the sender misses the reply again, it is
     * added again, and if not, the next message that looks the same is meant.
     */
    Optional<QueueId> take(Fingerprint fingerprint, Instant now) {
        synchronized (entries) {
            Entry entry = entries.remove(fingerprint);
            return entry == null || entry.since().plus(KEPT).isBefore(now) ? Optional.empty() : Optional.of(entry.id());
        }
    }
}
