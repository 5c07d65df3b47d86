package org.understudy.spool.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Recipient;
import org.understudy.spool.QueueId;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.storage.IndexEntry.Location;

/**
 * The connection that writes. Confined to one thread. Every statement is prepared once: preparing costs more than running it.
 *
 * <p>What is done takes effect with {@link #commit}; after an exception the caller drops the writer.
 */
final class IndexWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWriter.class);

    private final Connection connection;
    private final List<PreparedStatement> statements = new ArrayList<>();
    private final PreparedStatement takeLock;
    private final PreparedStatement insertMessage;
    private final PreparedStatement insertUnit;
    private final PreparedStatement moveMessage;
    private final PreparedStatement updateUnit;
    private final PreparedStatement openUnits;
    private final PreparedStatement units;
    private final PreparedStatement findMessage;
    private final PreparedStatement deleteUnits;
    private final PreparedStatement deleteMessage;
    private final PreparedStatement updateLedger;

    private long accepted;
    /** Units that ended, by how. */
    private final Map<UnitState, Long> ended = new EnumMap<>(UnitState.class);

    private long lastId;
    private final Map<Long, Long> growth = new HashMap<>();

    IndexWriter(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        takeLock = prepare("UPDATE ledger SET segment = segment");
        insertMessage = prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
        insertUnit =
                prepare("INSERT INTO unit VALUES (?, ?, ?, ?, " + IndexCodes.of(UnitState.QUEUED) + ", 0, 0, '', '')");
        moveMessage = prepare("UPDATE message SET segment = ?, since = ?, record = ? WHERE id = ?");
        updateUnit = prepare("UPDATE unit SET state = ?, attempts = attempts + ?, next_attempt = ?,"
                + " last_reply = ?, remote_id = ? WHERE message = ? AND number = ? AND " + IndexCodes.OPEN);
        openUnits = prepare("SELECT number FROM unit WHERE message = ? AND " + IndexCodes.OPEN);
        units = prepare("SELECT number, state, last_reply, remote_id FROM unit WHERE message = ?");
        findMessage = prepare("SELECT " + IndexCodes.LOCATION + " FROM message WHERE id = ?");
        deleteUnits = prepare("DELETE FROM unit WHERE message = ?");
        deleteMessage = prepare("DELETE FROM message WHERE id = ?");
        updateLedger = prepare(
                "UPDATE ledger SET accepted = accepted + ?, forwarded = forwarded + ?,"
                        + " discarded = discarded + ?, returned = returned + ?, last_id = MAX(last_id, ?), segment = ?, position = ?");
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statements.add(statement);
        return statement;
    }

    /** Takes the lock of the file, so that nothing read afterwards can be overtaken. First in a transaction that reads. */
    void begin() throws SQLException {
        takeLock.executeUpdate();
    }

    void insert(Collection<IndexEntry> entries) throws SQLException {
        for (IndexEntry entry : entries) {
            StoredEnvelope stored = entry.stored();
            long id = QueueIds.number(stored.id());
            bindMessage(id, entry);
            insertMessage.addBatch();
            int number = 0;
            for (Recipient recipient : stored.envelope().recipients()) {
                insertUnit.setLong(1, id);
                insertUnit.setInt(2, number++);
                insertUnit.setString(3, StoredPaths.queueDomain(stored.origin(), recipient));
                insertUnit.setLong(4, entry.location().size());
                insertUnit.addBatch();
            }
            accepted += number;
            lastId = Math.max(lastId, id);
            grow(entry.location(), 1);
        }
        insertMessage.executeBatch();
        insertUnit.executeBatch();
    }

    private void bindMessage(long id, IndexEntry entry) throws SQLException {
        Location location = entry.location();
        insertMessage.setLong(1, id);
        insertMessage.setLong(2, entry.stored().origin().arrival().toEpochMilli());
        insertMessage.setLong(3, location.size());
        insertMessage.setInt(4, location.crc());
        insertMessage.setLong(5, location.segment());
        insertMessage.setLong(6, location.since());
        insertMessage.setLong(7, location.record());
        insertMessage.setInt(8, location.envelope());
        insertMessage.setInt(9, location.large() ? 1 : 0);
    }

    private void grow(Location location, int times) {
        growth.merge(location.segment(), times * location.recordBytes(), Long::sum);
    }

    /** The record of a message is somewhere else now. */
    void move(QueueId id, Location from, Location to) throws SQLException {
        moveMessage.setLong(1, to.segment());
        moveMessage.setLong(2, to.since());
        moveMessage.setLong(3, to.record());
        moveMessage.setLong(4, QueueIds.number(id));
        moveMessage.executeUpdate();
        grow(from, -1);
        grow(to, 1);
    }

    /** How the units of a message are now; empty if it is settled. */
    List<UnitChange> units(QueueId id) throws SQLException {
        units.setLong(1, QueueIds.number(id));
        try (ResultSet rows = units.executeQuery()) {
            List<UnitChange> found = new ArrayList<>();
            while (rows.next()) {
                found.add(new UnitChange(
                        rows.getInt(1),
                        IndexCodes.state(rows.getInt(2)),
                        Instant.EPOCH,
                        rows.getString(3),
                        rows.getString(4)));
            }
            return found;
        }
    }

    /** Returns true if the message is settled by it and its content may go. */
    boolean apply(Change change) throws SQLException {
        return apply(change, true);
    }

    /** @param counted whether units that are settled by it count in the ledger; false if they did before */
    boolean apply(Change change, boolean counted) throws SQLException {
        long id = QueueIds.number(change.id());
        Set<Integer> left = openUnits(id);
        if (left.isEmpty()) {
            return false;
        }
        for (UnitChange unit : change.units()) {
            if (unit.state().isTerminal() && left.remove(unit.number()) && counted) {
                count(unit.state());
            }
        }
        if (left.isEmpty()) {
            delete(change.id());
            return true;
        }
        for (UnitChange unit : change.units()) {
            update(id, unit);
        }
        return false;
    }

    private void update(long id, UnitChange unit) throws SQLException {
        updateUnit.setInt(1, IndexCodes.of(unit.state()));
        updateUnit.setInt(2, unit.attempted() ? 1 : 0);
        updateUnit.setLong(3, Math.max(0, unit.nextAttempt().toEpochMilli()));
        updateUnit.setString(4, unit.reply());
        updateUnit.setString(5, unit.remoteId());
        updateUnit.setLong(6, id);
        updateUnit.setInt(7, unit.number());
        updateUnit.executeUpdate();
    }

    private Set<Integer> openUnits(long id) throws SQLException {
        openUnits.setLong(1, id);
        try (ResultSet rows = openUnits.executeQuery()) {
            Set<Integer> numbers = new HashSet<>();
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
            return numbers;
        }
    }

    /** Returns how many units there were. */
    private int delete(QueueId id) throws SQLException {
        find(id).ifPresent(location -> grow(location, -1));
        deleteUnits.setLong(1, QueueIds.number(id));
        int units = deleteUnits.executeUpdate();
        deleteMessage.setLong(1, QueueIds.number(id));
        deleteMessage.executeUpdate();
        return units;
    }

    /** Takes a message back as if it had never been here, if it is. */
    void forget(QueueId id) throws SQLException {
        accepted -= delete(id);
    }

    Optional<Location> find(QueueId id) throws SQLException {
        findMessage.setLong(1, QueueIds.number(id));
        try (ResultSet rows = findMessage.executeQuery()) {
            return rows.next() ? Optional.of(IndexCodes.location(rows)) : Optional.empty();
        }
    }

    boolean contains(QueueId id) throws SQLException {
        return find(id).isPresent();
    }

    boolean hasMessageIn(long segment) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT EXISTS (SELECT 1 FROM message WHERE segment = " + segment + ")")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    /** Counts the end of a unit; also of one whose message is known by its outcome only. */
    void count(UnitState end) {
        ended.merge(end, 1L, Long::sum);
    }

    /** Takes the sums of a ledger for what was before it, while the index is rebuilt. */
    void adopt(Ledger ledger) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE ledger SET forwarded = " + ledger.forwarded() + ", discarded = "
                    + ledger.discarded() + ", returned = " + ledger.returned());
        }
        ended.clear();
        raise(ledger);
    }

    /** Takes care that no older id is given again. */
    void raise(Ledger ledger) {
        lastId = Math.max(lastId, ledger.lastId());
    }

    /**
     * Makes it durable, and with it how far the segments are in the index.
     *
     * @return by how many octets what lives in each segment has grown
     */
    Map<Long, Long> commit(long segment, long position) throws SQLException {
        updateLedger.setLong(1, accepted);
        updateLedger.setLong(2, ended.getOrDefault(UnitState.FORWARDED, 0L));
        updateLedger.setLong(3, ended.getOrDefault(UnitState.DISCARDED, 0L));
        updateLedger.setLong(4, ended.getOrDefault(UnitState.RETURNED, 0L));
        updateLedger.setLong(5, lastId);
        updateLedger.setLong(6, segment);
        updateLedger.setLong(7, position);
        updateLedger.executeUpdate();
        connection.commit();
        Map<Long, Long> grown = Map.copyOf(growth);
        accepted = 0;
        ended.clear();
        lastId = 0;
        growth.clear();
        return grown;
    }

    /** Forgets all that a rebuild has brought in, durably, so that it begins with the first segment again. */
    void startOver() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM unit");
            statement.executeUpdate("DELETE FROM message");
            statement.executeUpdate("UPDATE ledger SET accepted = 0, forwarded = 0, discarded = 0, returned = 0,"
                    + " segment = 0, position = 0");
        }
        connection.commit();
    }

    /** Ends a rebuild: what was accepted is what is there, and what is not any more because it ended. */
    void balance() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE ledger SET rebuilding = 0, accepted = CASE rebuilding WHEN 0 THEN accepted ELSE"
                            + " forwarded + discarded + returned + (SELECT COUNT(*) FROM unit WHERE " + IndexCodes.OPEN
                            + ") END");
        }
        connection.commit();
    }

    /**
     * Gives pages that hold nothing any more back to the file system, if they are many. A transaction of its own.
     *
     * @param most pages to give back
     * @return true if there was something to give back
     */
    boolean shrink(int most) throws SQLException {
        if (pragma("freelist_count") * IndexCodes.FREE_SHARE < pragma("page_count")) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA incremental_vacuum(" + most + ")");
        }
        connection.commit();
        return true;
    }

    private long pragma(String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA " + name)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    Optional<Mark> mark() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT segment, position, rebuilding, " + Ledger.COLUMNS + " FROM ledger")) {
            return rows.next()
                    ? Optional.of(new Mark(rows.getLong(1), rows.getLong(2), rows.getBoolean(3), Ledger.of(rows)))
                    : Optional.empty();
        }
    }

    /** How far the segments are in the index, and the ledger there. */
    record Mark(long segment, long position, boolean rebuilding, Ledger ledger) {
        /** True if a process ended before all segments had been read once. */
        boolean isRebuildBrokenOff() {
            return rebuilding && segment > 0;
        }
    }

    /** Closes the connection, which rolls back what is not committed. */
    @Override
    public void close() {
        try (connection) {
            for (PreparedStatement statement : statements) {
                statement.close();
            }
        } catch (SQLException e) {
            LOG.warn("the index cannot be closed: {}", e.getMessage());
        }
    }
}
