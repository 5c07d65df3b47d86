package org.understudy.spool.storage;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueCounts.DomainQueue;

/**
 * Sums the queue up from its rows, never from counters kept beside them: only so do they say something about the ledger. Each
 * query reads one index and no table.
 */
final class Sums {
    private static final List<String> STATES =
            List.of("state = 0 AND next_attempt = 0", "state = 0 AND next_attempt > 0", "state = 2");

    private final Map<DomainName, DomainQueue> domains = new HashMap<>();
    private Optional<Instant> oldest = Optional.empty();
    private long queued;
    private long quarantined;

    private Sums() {}

    static QueueCounts of(Handle handle) {
        Sums sums = new Sums();
        for (String state : STATES) {
            sums.add(handle, state);
        }
        // Units forwarded while their message still waits for others are in the ledger already.
        return handle.createQuery("SELECT accepted, forwarded, (SELECT COUNT(*) FROM message) AS messages,"
                        + " (SELECT COALESCE(SUM(size), 0) FROM message) AS bytes FROM ledger")
                .map((rs, context) -> new QueueCounts(
                        rs.getLong("accepted"),
                        sums.queued,
                        sums.quarantined,
                        rs.getLong("forwarded"),
                        rs.getLong("messages"),
                        rs.getLong("bytes"),
                        sums.oldest,
                        sums.domains))
                .one();
    }

    private void add(Handle handle, String state) {
        boolean waiting = state.contains("state = 0");
        handle.createQuery(
                        "SELECT domain, COUNT(*) AS units, SUM(size) AS bytes, MIN(message) AS oldest FROM unit WHERE "
                                + state + " GROUP BY domain")
                .map((rs, context) ->
                        new Row(rs.getString("domain"), rs.getLong("units"), rs.getLong("bytes"), rs.getLong("oldest")))
                .list()
                .forEach(row -> add(row, waiting, waiting ? arrival(handle, row.oldest) : Optional.empty()));
    }

    private record Row(String domain, long units, long bytes, long oldest) {}

    /** Ids sort by time, so that the first one is the oldest. */
    private static Optional<Instant> arrival(Handle handle, long id) {
        return handle.createQuery("SELECT arrival FROM message WHERE id = ?")
                .bind(0, id)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli);
    }

    private void add(Row row, boolean waiting, Optional<Instant> arrival) {
        queued += waiting ? row.units : 0;
        quarantined += waiting ? 0 : row.units;
        oldest = earlier(oldest, arrival);
        if (!row.domain.isEmpty()) {
            domains.merge(
                    new DomainName(row.domain),
                    new DomainQueue(waiting ? row.units : 0, waiting ? 0 : row.units, row.bytes, arrival),
                    Sums::sum);
        }
    }

    private static DomainQueue sum(DomainQueue a, DomainQueue b) {
        return new DomainQueue(
                a.queued() + b.queued(),
                a.quarantined() + b.quarantined(),
                a.bytes() + b.bytes(),
                earlier(a.oldestArrival(), b.oldestArrival()));
    }

    private static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
        return a.isPresent() && b.isPresent() && b.get().isBefore(a.get()) ? b : a.or(() -> b);
    }
}
