package org.understudy.spool.storage;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.sqlite.SQLiteConfig;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Recipient;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueCounts.DomainQueue;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolException;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.storage.IndexEntry.Location;

/**
 * The index in SQLite. One connection writes and belongs to the committer's thread; one reads, guarded by a lock.
 */
final class Index implements AutoCloseable {
    private static final int FORMAT = 1;
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final int CHECKPOINT_PAGES = 4000;

    private final Connection writing;
    private final Connection reading;
    private final Jdbi writer;
    private final Jdbi reader;

    private Index(Connection writing, Connection reading) {
        this.writing = writing;
        this.reading = reading;
        this.writer = Jdbi.create(writing);
        this.reader = Jdbi.create(reading);
    }

    /**
     * Opens or makes the index.
     *
     * @throws SQLException if the file is no database, or damaged where it was looked at
     * @throws SpoolException if a newer version made it
     */
    static Index open(Path file) throws SQLException {
        Connection writing = connect(file, false);
        try {
            int format = pragma(writing, "user_version");
            if (format > FORMAT) {
                throw new SpoolException("The spool index " + file + " has format " + format
                        + ", made by a newer version: run that version, or one that is newer still.");
            }
            if (format == 0) {
                Jdbi.create(writing).useHandle(h -> h.createScript(schema()).execute());
            }
            // Read back: a setting that did not take would lose mail at the next power cut, silently.
            if (pragma(writing, "synchronous") != 2) {
                throw new SpoolException("SQLite did not take synchronous=FULL for " + file + ".");
            }
            return new Index(writing, connect(file, true));
        } catch (SQLException | RuntimeException e) {
            writing.close();
            throw e;
        }
    }

    private static Connection connect(Path file, boolean reader) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setTransactionMode(
                reader ? SQLiteConfig.TransactionMode.DEFERRED : SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, Integer.toString(CHECKPOINT_PAGES));
        return config.createConnection("jdbc:sqlite:" + file);
    }

    private static int pragma(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA " + name)) {
            return result.next() ? result.getInt(1) : 0;
        }
    }

    private static String schema() {
        try (InputStream in = Index.class.getResourceAsStream("index-1.sql")) {
            if (in == null) {
                throw new IllegalStateException("index-1.sql is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One transaction of the committer. */
    void write(Collection<IndexEntry> accepted, Collection<Change> changes, long segment, long position) {
        writer.useTransaction(handle -> {
            insert(handle, accepted);
            for (Change change : changes) {
                apply(handle, change);
            }
            mark(handle, segment, position);
        });
    }

    /** Changes of the units of one message. */
    record Change(QueueId id, List<UnitChange> units) {}

    private static void insert(Handle handle, Collection<IndexEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        PreparedBatch messages = handle.prepareBatch(
                "INSERT INTO message VALUES (:id, :arrival, :size, :crc, :segment, :position, :client, :helo, :protocol, :tls,"
                        + " :reversePath, :parameters)");
        PreparedBatch units = handle.prepareBatch(
                "INSERT INTO unit VALUES (:message, :number, :domain, :recipient, :parameters, 'QUEUED', 0, 0, '')");
        long count = 0;
        for (IndexEntry entry : entries) {
            StoredEnvelope stored = entry.stored();
            Origin origin = stored.origin();
            messages.bind("id", stored.id().text())
                    .bind("arrival", origin.arrival().toEpochMilli())
                    .bind("size", entry.location().size())
                    .bind("crc", entry.location().crc())
                    .bind("segment", entry.location().segment())
                    .bind("position", entry.location().position())
                    .bind("client", origin.client().getHostAddress())
                    .bind("helo", origin.heloName())
                    .bind("protocol", origin.protocol())
                    .bind("tls", origin.tlsProtocol().orElse(""))
                    .bind("reversePath", stored.envelope().reversePath().toString())
                    .bind("parameters", stored.envelope().parameters().toString())
                    .add();
            int number = 0;
            for (Recipient recipient : stored.envelope().recipients()) {
                units.bind("message", stored.id().text())
                        .bind("number", number++)
                        .bind("domain", StoredPaths.queueDomain(recipient))
                        .bind("recipient", recipient.path().toString())
                        .bind("parameters", recipient.parameters().toString())
                        .add();
            }
            count += number;
        }
        messages.execute();
        units.execute();
        count(handle, "accepted", count);
    }

    private static void apply(Handle handle, Change change) {
        long forwarded = 0;
        for (UnitChange unit : change.units()) {
            int changed = handle.createUpdate("UPDATE unit SET state = :state, attempts = attempts + 1,"
                            + " next_attempt = :next, last_reply = :reply"
                            + " WHERE message = :message AND number = :number AND state <> 'FORWARDED'")
                    .bind("state", unit.state().name())
                    .bind("next", unit.nextAttempt().toEpochMilli())
                    .bind("reply", unit.reply())
                    .bind("message", change.id().text())
                    .bind("number", unit.number())
                    .execute();
            forwarded += unit.state() == UnitState.FORWARDED ? changed : 0;
        }
        count(handle, "forwarded", forwarded);
        boolean alive = handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM unit WHERE message = ? AND state <> 'FORWARDED')")
                .bind(0, change.id().text())
                .mapTo(Boolean.class)
                .one();
        if (!alive) {
            remove(handle, change.id());
        }
    }

    private static void remove(Handle handle, QueueId id) {
        handle.execute("DELETE FROM unit WHERE message = ?", id.text());
        handle.execute("DELETE FROM message WHERE id = ?", id.text());
    }

    private static void count(Handle handle, String name, long by) {
        if (by != 0) {
            handle.execute("UPDATE counter SET value = value + ? WHERE name = ?", by, name);
        }
    }

    private static void mark(Handle handle, long segment, long position) {
        handle.execute("UPDATE counter SET value = ? WHERE name = 'indexed_segment'", segment);
        handle.execute("UPDATE counter SET value = ? WHERE name = 'indexed_position'", position);
    }

    /** At recovery: takes a message of a segment in, unless it is known. */
    void recover(IndexEntry entry) {
        writer.useTransaction(handle -> {
            if (!exists(handle, entry.stored().id())) {
                insert(handle, List.of(entry));
            }
        });
    }

    /** At recovery: applies an outcome of a segment to a message that is still there. */
    void recover(Outcome outcome) {
        writer.useTransaction(handle -> {
            if (!exists(handle, outcome.id())) {
                return;
            }
            if (outcome.abandoned()) {
                long units = handle.createQuery("SELECT COUNT(*) FROM unit WHERE message = ?")
                        .bind(0, outcome.id().text())
                        .mapTo(Long.class)
                        .one();
                remove(handle, outcome.id());
                count(handle, "accepted", -units);
                return;
            }
            List<UnitChange> changes = outcome.units().stream()
                    .map(u -> new UnitChange(u.number(), u.state(), Instant.EPOCH, u.reply(), ""))
                    .toList();
            apply(handle, new Change(outcome.id(), changes));
        });
    }

    private static boolean exists(Handle handle, QueueId id) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM message WHERE id = ?)")
                .bind(0, id.text())
                .mapTo(Boolean.class)
                .one();
    }

    void recovered(long segment, long position) {
        writer.useHandle(handle -> mark(handle, segment, position));
    }

    synchronized long counter(String name) {
        return reader.withHandle(handle -> counter(handle, name));
    }

    private static long counter(Handle handle, String name) {
        return handle.createQuery("SELECT value FROM counter WHERE name = ?")
                .bind(0, name)
                .mapTo(Long.class)
                .one();
    }

    /** The newest id, if there is any. */
    synchronized Optional<QueueId> newest() {
        return reader.withHandle(handle -> handle.createQuery("SELECT MAX(id) FROM message")
                .mapTo(String.class)
                .findOne()
                .map(QueueId::new));
    }

    /** The oldest segment in which something is alive. */
    synchronized Optional<Long> oldestLiveSegment() {
        return reader.withHandle(handle -> handle.createQuery("SELECT MIN(segment) FROM message WHERE segment > 0")
                .mapTo(Long.class)
                .findOne());
    }

    synchronized Optional<Location> locate(QueueId id) {
        return reader.withHandle(handle -> handle.createQuery("SELECT * FROM message WHERE id = ?")
                .bind(0, id.text())
                .map((rs, context) -> new Location(
                        rs.getLong("size"), rs.getInt("crc"), rs.getLong("segment"), rs.getLong("position")))
                .findOne());
    }

    synchronized List<QueuedMessage> due(
            Collection<DomainName> domains, Instant now, Optional<QueueId> after, int limit) {
        return reader.inTransaction(handle -> {
            TreeSet<String> ids = new TreeSet<>();
            List<String> names =
                    new ArrayList<>(domains.stream().map(DomainName::text).toList());
            names.add("");
            for (String domain : names) {
                ids.addAll(handle.createQuery(
                                "SELECT DISTINCT message FROM unit WHERE domain = :domain AND state = 'QUEUED'"
                                        + " AND message > :after AND next_attempt <= :now ORDER BY message LIMIT :limit")
                        .bind("domain", domain)
                        .bind("after", after.map(QueueId::text).orElse(""))
                        .bind("now", now.toEpochMilli())
                        .bind("limit", limit)
                        .mapTo(String.class)
                        .list());
            }
            List<QueuedMessage> messages = new ArrayList<>();
            for (String id : ids.stream().limit(limit).toList()) {
                message(handle, id, names, now).ifPresent(messages::add);
            }
            return messages;
        });
    }

    synchronized Optional<QueuedMessage> find(QueueId id) {
        return reader.inTransaction(handle -> message(handle, id.text(), List.of(), Instant.MAX));
    }

    /** @param domains only due, queued units of these; all units if there are none */
    private static Optional<QueuedMessage> message(Handle handle, String id, List<String> domains, Instant now) {
        List<Unit> units = handle
                .createQuery("SELECT * FROM unit WHERE message = ? ORDER BY number")
                .bind(0, id)
                .map((rs, context) -> new UnitRow(rs.getString("domain"), unit(rs)))
                .list()
                .stream()
                .filter(row -> domains.isEmpty()
                        || (domains.contains(row.domain)
                                && row.unit.state() == UnitState.QUEUED
                                && !row.unit.nextAttempt().isAfter(now)))
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

    private record UnitRow(String domain, Unit unit) {}

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

    synchronized QueueCounts counts() {
        return reader.inTransaction(handle -> {
            Map<DomainName, DomainQueue> domains = new HashMap<>();
            long[] sums = new long[2];
            handle.createQuery(
                            "SELECT u.domain, u.state, COUNT(*) AS units, SUM(m.size) AS bytes, MIN(m.arrival) AS oldest"
                                    + " FROM unit u JOIN message m ON m.id = u.message WHERE u.state <> 'FORWARDED'"
                                    + " GROUP BY u.domain, u.state")
                    .map((rs, context) -> {
                        boolean queued = rs.getString("state").equals("QUEUED");
                        sums[queued ? 0 : 1] += rs.getLong("units");
                        if (!rs.getString("domain").isEmpty()) {
                            domains.merge(new DomainName(rs.getString("domain")), domainQueue(rs, queued), Index::sum);
                        }
                        return queued;
                    })
                    .list();
            // A unit forwarded while its message still waits for others is counted in the ledger already.
            return handle.createQuery("SELECT COUNT(*) AS messages, COALESCE(SUM(size), 0) AS bytes FROM message")
                    .map((rs, context) -> new QueueCounts(
                            counter(handle, "accepted"),
                            sums[0],
                            sums[1],
                            counter(handle, "forwarded"),
                            rs.getLong("messages"),
                            rs.getLong("bytes"),
                            domains.values().stream()
                                    .flatMap(d -> d.oldestArrival().stream())
                                    .min(Instant::compareTo),
                            domains))
                    .one();
        });
    }

    private static DomainQueue domainQueue(ResultSet rs, boolean queued) throws SQLException {
        long units = rs.getLong("units");
        return new DomainQueue(
                queued ? units : 0,
                queued ? 0 : units,
                rs.getLong("bytes"),
                queued ? Optional.of(Instant.ofEpochMilli(rs.getLong("oldest"))) : Optional.empty());
    }

    private static DomainQueue sum(DomainQueue a, DomainQueue b) {
        return new DomainQueue(
                a.queued() + b.queued(),
                a.quarantined() + b.quarantined(),
                a.bytes() + b.bytes(),
                a.oldestArrival().or(b::oldestArrival));
    }

    @Override
    public void close() {
        try {
            reading.close();
            writing.close();
        } catch (SQLException e) {
            throw new SpoolException("The spool index cannot be closed: " + e.getMessage(), e);
        }
    }
}
