package org.understudy.spool.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueCounts.DomainQueue;
import org.understudy.spool.UnitState;

/**
 * Sums the queue up from its rows, never from counters kept beside them: only so do they say something about the ledger. Each
 * query reads one index and no table.
 */
final class Sums {
    /** Units that are not settled. */
    private static final List<Part> OPEN =
            IndexCodes.OPEN_PARTS.stream().map(Part::of).toList();

    private final Map<DomainName, DomainQueue> domains = new HashMap<>();
    private final Map<UnitState, Long> units = new EnumMap<>(UnitState.class);
    private Optional<Instant> oldest = Optional.empty();

    private Sums() {}

    static QueueCounts of(Handle handle) {
        Sums sums = new Sums();
        for (Part part : OPEN) {
            sums.add(handle, part);
        }
        // Units settled while their message still waits for others are in the ledger already.
        return handle.createQuery("SELECT " + Ledger.COLUMNS + ", (SELECT COUNT(*) FROM message) AS messages,"
                        + " (SELECT COALESCE(SUM(size), 0) FROM message) AS bytes FROM ledger")
                .map((rs, context) -> sums.counts(Ledger.of(rs), rs.getLong("messages"), rs.getLong("bytes")))
                .one();
    }

    private QueueCounts counts(Ledger ledger, long messages, long bytes) {
        return new QueueCounts(
                ledger.accepted(),
                sum(UnitState.QUEUED),
                sum(UnitState.QUARANTINED),
                sum(UnitState.HELD),
                sum(UnitState.EXPIRED),
                ledger.forwarded(),
                ledger.discarded(),
                ledger.returned(),
                messages,
                bytes,
                oldest,
                domains);
    }

    private long sum(UnitState state) {
        return units.getOrDefault(state, 0L);
    }

    /** Units of one partial index, which has just the columns that are read here. */
    private record Part(String state, String groups, String due, String condition) {
        static Part of(String condition) {
            // Only the index of what is set aside has the state in it; in the others it is the same for all.
            if (condition.equals(IndexCodes.SET_ASIDE)) {
                return new Part("state", "state, domain", "0", condition);
            }
            return new Part(
                    "0", "domain", condition.equals(IndexCodes.DEFERRED) ? "MIN(next_attempt)" : "0", condition);
        }
    }

    private void add(Handle handle, Part part) {
        handle.createQuery("SELECT " + part.state + " AS code, domain, COUNT(*) AS units, SUM(size) AS bytes,"
                        + " MIN(message) AS oldest, " + part.due + " AS due FROM unit WHERE " + part.condition
                        + " GROUP BY " + part.groups)
                .map((rs, context) -> Row.of(rs))
                .list()
                .forEach(row -> add(row, row.isWaiting() ? arrival(handle, row.oldest) : Optional.empty()));
    }

    /** @param due milliseconds since 1970-01-01 UTC; 0 if these units were never deferred */
    private record Row(UnitState state, String domain, long units, long bytes, long oldest, long due) {
        static Row of(ResultSet rs) throws SQLException {
            return new Row(
                    IndexCodes.state(rs.getInt("code")),
                    rs.getString("domain"),
                    rs.getLong("units"),
                    rs.getLong("bytes"),
                    rs.getLong("oldest"),
                    rs.getLong("due"));
        }

        boolean isWaiting() {
            return state == UnitState.QUEUED;
        }
    }

    /** Ids sort by time, so that the first one is the oldest. */
    private static Optional<Instant> arrival(Handle handle, long id) {
        return handle.createQuery("SELECT arrival FROM message WHERE id = ?")
                .bind(0, id)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli);
    }

    private void add(Row row, Optional<Instant> arrival) {
        units.merge(row.state, row.units, Long::sum);
        oldest = earlier(oldest, arrival);
        if (!row.domain.isEmpty()) {
            domains.merge(new DomainName(row.domain), queue(row, arrival), Sums::sum);
        }
    }

    private static DomainQueue queue(Row row, Optional<Instant> arrival) {
        return switch (row.state) {
            case QUEUED -> new DomainQueue(row.units, 0, 0, 0, row.bytes, arrival, due(row, arrival));
            case QUARANTINED -> new DomainQueue(0, row.units, 0, 0, row.bytes, arrival, Optional.empty());
            case EXPIRED -> new DomainQueue(0, 0, 0, row.units, row.bytes, arrival, Optional.empty());
            default -> new DomainQueue(0, 0, row.units, 0, row.bytes, arrival, Optional.empty());
        };
    }

    private static Optional<Instant> due(Row row, Optional<Instant> arrival) {
        return row.due == 0 ? arrival : Optional.of(Instant.ofEpochMilli(row.due));
    }

    private static DomainQueue sum(DomainQueue a, DomainQueue b) {
        return new DomainQueue(
                a.queued() + b.queued(),
                a.quarantined() + b.quarantined(),
                a.held() + b.held(),
                a.expired() + b.expired(),
                a.bytes() + b.bytes(),
                earlier(a.oldestArrival(), b.oldestArrival()),
                earlier(a.firstDue(), b.firstDue()));
    }

    private static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
        return a.isPresent() && b.isPresent() && b.get().isBefore(a.get()) ? b : a.or(() -> b);
    }
}
