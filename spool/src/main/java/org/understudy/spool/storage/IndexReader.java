package org.understudy.spool.storage;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
import org.understudy.spool.Origin;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolException;
import org.understudy.spool.Unit;
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

    /** The oldest segment in which something is alive. */
    Optional<Long> oldestLiveSegment() {
        return read(handle -> handle.createQuery("SELECT MIN(segment) FROM message")
                .mapTo(Long.class)
                .findOne());
    }

    Optional<Location> locate(QueueId id) {
        return read(handle -> handle.createQuery("SELECT size, crc, segment, position, large FROM message WHERE id = ?")
                .bind(0, id.text())
                .map((rs, context) ->
                        new Location(rs.getLong(1), rs.getInt(2), rs.getLong(3), rs.getLong(4), rs.getBoolean(5)))
                .findOne());
    }

    List<QueuedMessage> due(Collection<DomainName> domains, Instant now, Optional<QueueId> after, int limit) {
        Set<String> names = new LinkedHashSet<>();
        domains.forEach(domain -> names.add(domain.text()));
        // RFC 5321 section 4.5.1: <postmaster> has no domain; whoever asks first takes it to his next hop.
        names.add("");
        Page page = new Page(now.toEpochMilli(), after.map(QueueId::text).orElse(""), limit);
        return read(handle -> {
            TreeSet<String> ids = new TreeSet<>();
            for (String domain : names) {
                ids.addAll(Scan.FRESH.ids(handle, domain, page));
                ids.addAll(deferred(handle, domain, page));
            }
            List<QueuedMessage> messages = new ArrayList<>();
            for (String id : ids.stream().limit(limit).toList()) {
                message(handle, id, row -> names.contains(row.domain) && row.isDue(now))
                        .ifPresent(messages::add);
            }
            return messages;
        });
    }

    private record Page(long now, String after, int limit) {}

    /** Ways to the ids of due units. The plus hides a column from SQLite's choice of order. */
    private enum Scan {
        FRESH("unit_fresh", "next_attempt = 0", "message"),
        DEFERRED_BY_TIME("unit_by_time", "next_attempt > 0 AND next_attempt <= :now", "+message"),
        DEFERRED_IN_ORDER("unit_deferred", "next_attempt > 0 AND +next_attempt <= :now", "message");

        private final String sql;

        Scan(String index, String when, String order) {
            this.sql = "SELECT DISTINCT message FROM unit INDEXED BY " + index
                    + " WHERE domain = :domain AND state = 'QUEUED'" + " AND " + when
                    + " AND message > :after ORDER BY " + order + " LIMIT :limit";
        }

        List<String> ids(Handle handle, String domain, Page page) {
            Query query = handle.createQuery(sql)
                    .bind("domain", domain)
                    .bind("after", page.after)
                    .bind("limit", page.limit);
            return (this == FRESH ? query : query.bind("now", page.now))
                    .mapTo(String.class)
                    .list();
        }
    }

    /** Asks first by time, so that a million deferred messages of which none is due cost nothing. */
    private static List<String> deferred(Handle handle, String domain, Page page) {
        int few = handle.createQuery(
                        "SELECT COUNT(*) FROM (SELECT 1 FROM unit INDEXED BY unit_by_time WHERE domain = :domain"
                                + " AND state = 'QUEUED' AND next_attempt > 0 AND next_attempt <= :now LIMIT " + FEW
                                + ")")
                .bind("domain", domain)
                .bind("now", page.now)
                .mapTo(Integer.class)
                .one();
        if (few == 0) {
            return List.of();
        }
        return (few < FEW ? Scan.DEFERRED_BY_TIME : Scan.DEFERRED_IN_ORDER).ids(handle, domain, page);
    }

    Optional<QueuedMessage> find(QueueId id) {
        return read(handle -> message(handle, id.text(), row -> true));
    }

    private static Optional<QueuedMessage> message(Handle handle, String id, Predicate<UnitRow> wanted) {
        List<Unit> units = handle
                .createQuery("SELECT * FROM unit WHERE message = ? ORDER BY number")
                .bind(0, id)
                .map((rs, context) -> new UnitRow(rs.getString("domain"), unit(rs)))
                .list()
                .stream()
                .filter(wanted)
                .map(row -> row.unit)
                .toList();
        return handle.createQuery("SELECT * FROM message WHERE id = ?")
                .bind(0, id)
                .map((rs, context) -> new QueuedMessage(
                        new QueueId(id),
                        origin(rs),
                        rs.getLong("size"),
                        StoredPaths.reversePath(rs.getString("reverse_path")),
                        StoredPaths.parameters(rs.getString("parameters")),
                        units))
                .findOne();
    }

    private record UnitRow(String domain, Unit unit) {
        boolean isDue(Instant now) {
            return unit.state() == UnitState.QUEUED && !unit.nextAttempt().isAfter(now);
        }
    }

    private static Unit unit(ResultSet rs) throws SQLException {
        String reply = rs.getString("last_reply");
        return new Unit(
                rs.getInt("number"),
                StoredPaths.recipient(rs.getString("recipient"), rs.getString("parameters")),
                UnitState.valueOf(rs.getString("state")),
                rs.getInt("attempts"),
                Instant.ofEpochMilli(rs.getLong("next_attempt")),
                reply.isEmpty() ? Optional.empty() : Optional.of(reply));
    }

    private static Origin origin(ResultSet rs) throws SQLException {
        String tls = rs.getString("tls");
        try {
            return new Origin(
                    InetAddress.getByName(rs.getString("client")),
                    rs.getString("helo"),
                    rs.getString("protocol"),
                    tls.isEmpty() ? Optional.empty() : Optional.of(tls),
                    Instant.ofEpochMilli(rs.getLong("arrival")));
        } catch (UnknownHostException e) {
            throw new SQLException("not an address: " + rs.getString("client"), e);
        }
    }

    QueueCounts counts() {
        return read(Sums::of);
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
