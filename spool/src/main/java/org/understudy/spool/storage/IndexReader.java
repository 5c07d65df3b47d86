package org.understudy.spool.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.Query;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueAges;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.UnitState;
import org.understudy.spool.storage.IndexEntry.Location;

/** A connection that only reads. Thread-safe: one at a time. */
final class IndexReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexReader.class);
    /** Up to so many due units are looked up by time; more lie so close in the queue that reading along it finds them. */
    private static final int FEW = 5_000;

    private final Connection connection;
    private final Jdbi jdbi;

    IndexReader(Connection connection) {
        this.connection = connection;
        this.jdbi = Jdbi.create(connection);
    }

    private synchronized <T> T read(Function<Handle, T> query) {
        try {
            return jdbi.inTransaction(query::apply);
        } catch (JdbiException e) {
            throw new SpoolException("The spool index cannot be read: " + e.getMessage(), e);
        }
    }

    /** A message as the index knows it: all but its envelope. */
    record Row(QueueId id, Location location, List<UnitRow> units) {}

    /** A unit as the index knows it: all but its recipient. */
    record UnitRow(
            int number, String domain, UnitState state, int attempts, Instant nextAttempt, Optional<String> lastReply) {
        private boolean isDue(Instant now) {
            return state == UnitState.QUEUED && !nextAttempt.isAfter(now);
        }
    }

    Optional<Location> locate(QueueId id) {
        return read(handle -> location(handle, QueueIds.number(id)));
    }

    private static Optional<Location> location(Handle handle, long id) {
        return handle.createQuery("SELECT " + IndexCodes.LOCATION + " FROM message WHERE id = ?")
                .bind(0, id)
                .map((rs, context) -> IndexCodes.location(rs))
                .findOne();
    }

    /** What lives in a segment, by id. */
    Map<QueueId, Location> inSegment(long segment) {
        return read(handle -> {
            Map<QueueId, Location> living = new HashMap<>();
            handle.createQuery("SELECT " + IndexCodes.LOCATION + ", id FROM message WHERE segment = ?")
                    .bind(0, segment)
                    .map((rs, context) -> Map.entry(QueueIds.id(rs.getLong(8)), IndexCodes.location(rs)))
                    .list()
                    .forEach(entry -> living.put(entry.getKey(), entry.getValue()));
            return living;
        });
    }

    /** Octets of living records, by segment. */
    Map<Long, Long> livingBytes() {
        String perSmall = Integer.toString(Segment.RECORD_HEADER_BYTES + MessageRecord.SMALL_BYTES);
        String perLarge = Integer.toString(Segment.RECORD_HEADER_BYTES + MessageRecord.LARGE_BYTES);
        return read(handle -> {
            Map<Long, Long> living = new HashMap<>();
            handle.createQuery("SELECT segment, SUM(envelope + CASE large WHEN 0 THEN size + " + perSmall + " ELSE "
                            + perLarge + " END) FROM message INDEXED BY message_by_segment GROUP BY segment")
                    .map((rs, context) -> Map.entry(rs.getLong(1), rs.getLong(2)))
                    .list()
                    .forEach(entry -> living.put(entry.getKey(), entry.getValue()));
            return living;
        });
    }

    List<Row> due(Collection<DomainName> domains, Instant now, Optional<QueueId> after, int limit) {
        Set<String> names = new LinkedHashSet<>();
        domains.forEach(domain -> names.add(domain.text()));
        // RFC 5321 section 4.5.1: <postmaster> has no domain; whoever asks first takes it to his next hop.
        names.add("");
        Page page = new Page(now.toEpochMilli(), after.map(QueueIds::number).orElse(0L), limit);
        return read(handle -> {
            TreeSet<Long> ids = new TreeSet<>();
            for (String domain : names) {
                ids.addAll(Scan.FRESH.ids(handle, domain, page));
                ids.addAll(deferred(handle, domain, page));
            }
            List<Row> messages = new ArrayList<>();
            for (Long id : ids.stream().limit(limit).toList()) {
                row(handle, id, unit -> names.contains(unit.domain()) && unit.isDue(now))
                        .ifPresent(messages::add);
            }
            return messages;
        });
    }

    private record Page(long now, long after, int limit) {}

    /** Ways to the ids of due units. The plus hides a column from SQLite's choice of order. */
    private enum Scan {
        FRESH("unit_fresh", "next_attempt = 0", "message"),
        DEFERRED_BY_TIME("unit_by_time", "next_attempt > 0 AND next_attempt <= :now", "+message"),
        DEFERRED_IN_ORDER("unit_deferred", "next_attempt > 0 AND +next_attempt <= :now", "message");

        private final String sql;

        Scan(String index, String when, String order) {
            this.sql = "SELECT DISTINCT message FROM unit INDEXED BY " + index
                    + " WHERE domain = :domain AND state = 0 AND " + when
                    + " AND message > :after ORDER BY " + order + " LIMIT :limit";
        }

        List<Long> ids(Handle handle, String domain, Page page) {
            Query query = handle.createQuery(sql)
                    .bind("domain", domain)
                    .bind("after", page.after)
                    .bind("limit", page.limit);
            return (this == FRESH ? query : query.bind("now", page.now))
                    .mapTo(Long.class)
                    .list();
        }
    }

    /** Asks first by time, so that a million deferred messages of which none is due cost nothing. */
    private static List<Long> deferred(Handle handle, String domain, Page page) {
        int few = handle.createQuery(
                        "SELECT COUNT(*) FROM (SELECT 1 FROM unit INDEXED BY unit_by_time WHERE domain = :domain"
                                + " AND state = 0 AND next_attempt > 0 AND next_attempt <= :now LIMIT " + FEW + ")")
                .bind("domain", domain)
                .bind("now", page.now)
                .mapTo(Integer.class)
                .one();
        if (few == 0) {
            return List.of();
        }
        return (few < FEW ? Scan.DEFERRED_BY_TIME : Scan.DEFERRED_IN_ORDER).ids(handle, domain, page);
    }

    /**
     * Ids of messages that have a unit in one of the states, in order.
     *
     * @param domain of the unit; empty for any
     */
    List<QueueId> ids(Optional<DomainName> domain, Collection<UnitState> states, Optional<QueueId> after, int limit) {
        return read(handle -> ids(handle, domain, states, after, limit));
    }

    private static List<QueueId> ids(
            Handle handle,
            Optional<DomainName> domain,
            Collection<UnitState> states,
            Optional<QueueId> after,
            int limit) {
        if (states.isEmpty()) {
            return List.of();
        }
        String inDomain = domain.isPresent() ? " AND domain = :domain" : "";
        Query query = handle.createQuery("SELECT id FROM message WHERE id > :after AND EXISTS (SELECT 1 FROM unit"
                        + " WHERE unit.message = message.id AND state IN (<states>)" + inDomain
                        + ") ORDER BY id LIMIT :limit")
                .bindList("states", states.stream().map(IndexCodes::of).toList())
                .bind("after", after.map(QueueIds::number).orElse(0L))
                .bind("limit", limit);
        domain.ifPresent(name -> query.bind("domain", name.text()));
        return query.mapTo(Long.class).map(QueueIds::id).list();
    }

    /** The same messages with all their units. */
    List<Row> list(Optional<DomainName> domain, Collection<UnitState> states, Optional<QueueId> after, int limit) {
        return read(handle -> ids(handle, domain, states, after, limit).stream()
                .flatMap(id -> row(handle, QueueIds.number(id), unit -> true).stream())
                .toList());
    }

    Optional<Row> find(QueueId id) {
        return read(handle -> row(handle, QueueIds.number(id), unit -> true));
    }

    private static Optional<Row> row(Handle handle, long id, Predicate<UnitRow> wanted) {
        List<UnitRow> units = handle
                .createQuery("SELECT number, domain, state, attempts, next_attempt, last_reply FROM unit"
                        + " WHERE message = ? ORDER BY number")
                .bind(0, id)
                .map((rs, context) -> unit(rs))
                .list()
                .stream()
                .filter(wanted)
                .toList();
        return location(handle, id).map(location -> new Row(QueueIds.id(id), location, units));
    }

    private static UnitRow unit(ResultSet rs) throws SQLException {
        String reply = rs.getString(6);
        return new UnitRow(
                rs.getInt(1),
                rs.getString(2),
                IndexCodes.state(rs.getInt(3)),
                rs.getInt(4),
                Instant.ofEpochMilli(rs.getLong(5)),
                reply.isEmpty() ? Optional.empty() : Optional.of(reply));
    }

    QueueCounts counts() {
        return read(Sums::of);
    }

    QueueAges ages(List<Duration> limits, Instant now) {
        return read(handle -> Ages.of(handle, limits, now));
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("the index cannot be closed: {}", e.getMessage());
        }
    }
}
