package org.understudy.spool.recipients;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.understudy.smtp.Network;
import org.understudy.spool.RecipientRequest;

/**
 * Who was told to use the primary, and who came again after that: the same client's network, sender and recipient. Thread-safe;
 * bounded, so that a flood of newcomers makes some wait longer, but costs nobody who has come again already.
 */
final class FirstContacts {
    private static final Duration WAIT = Duration.ofMinutes(5);
    private static final Duration REMEMBERED = Duration.ofHours(24);
    private static final int MOST = 50_000;

    private final Map<Triplet, Instant> waiting = new Recent();
    private final Map<Triplet, Instant> accepted = new Recent();

    private record Triplet(Network client, String sender, String recipient) {
        static Triplet of(RecipientRequest request) {
            return new Triplet(
                    Network.around(request.client()),
                    request.reversePath().toString(),
                    request.recipient().address().toLowerCase(Locale.ROOT));
        }
    }

    /** Forgets those that were not heard of for the longest time. */
    private static final class Recent extends LinkedHashMap<Triplet, Instant> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Triplet, Instant> eldest) {
            return size() > MOST;
        }
    }

    /** True if it came before, and waited long enough. */
    synchronized boolean cameAgain(RecipientRequest request, Instant now) {
        Triplet triplet = Triplet.of(request);
        Instant until = accepted.get(triplet);
        if (until != null && now.isBefore(until)) {
            return true;
        }
        Instant first = waiting.get(triplet);
        if (first == null || !now.isBefore(first.plus(REMEMBERED))) {
            waiting.put(triplet, now);
            return false;
        }
        if (now.isBefore(first.plus(WAIT))) {
            return false;
        }
        waiting.remove(triplet);
        accepted.put(triplet, now.plus(REMEMBERED));
        return true;
    }
}
