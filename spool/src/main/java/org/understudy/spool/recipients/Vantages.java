package org.understudy.spool.recipients;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.spool.NextHop;

/** What each observer saw last of each next hop. Thread-safe. */
final class Vantages {
    /** After this, what was seen says nothing of now. */
    private static final Duration FRESH = Duration.ofMinutes(15);

    private final Map<Vantage, Sight> sights = new ConcurrentHashMap<>();

    private record Vantage(NextHop nextHop, String observer) {}

    private record Sight(Instant at, boolean alive) {}

    void saw(NextHop nextHop, String observer, boolean alive, Instant now) {
        sights.put(new Vantage(nextHop, observer), new Sight(now, alive));
    }

    /** True if somebody saw it alive just now, and nobody sees it in trouble. */
    boolean allSeeAlive(NextHop nextHop, Instant now) {
        boolean alive = false;
        for (Map.Entry<Vantage, Sight> entry : sights.entrySet()) {
            boolean counts = entry.getKey().nextHop().equals(nextHop)
                    && now.isBefore(entry.getValue().at().plus(FRESH));
            if (counts && !entry.getValue().alive()) {
                return false;
            }
            alive |= counts;
        }
        return alive;
    }
}
