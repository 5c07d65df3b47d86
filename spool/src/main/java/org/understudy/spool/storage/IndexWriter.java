package org.understudy.spool.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Recipient;
import org.understudy.spool.Origin;
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
    private final PreparedStatement takeLock;
    private final PreparedStatement insertMessage;
    private final PreparedStatement insertUnit;
    private final PreparedStatement updateUnit;
    private final PreparedStatement openUnits;
    private final PreparedStatement allUnits;
    private final PreparedStatement findMessage;
    private final PreparedStatement deleteUnits;
    private final PreparedStatement deleteMessage;
    private final PreparedStatement updateLedger;
    private long accepted;
    private long forwarded;
    private long lastId;

    IndexWriter(Connection connection) throws SQLException {
        this.connection = connection;
        connection.setAutoCommit(false);
        takeLock = connection.prepareStatement("UPDATE ledger SET segment = segment");
        insertMessage =
                connection.prepareStatement("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        insertUnit = connection.prepareStatement("INSERT INTO unit VALUES (?, ?, ?, ?, ?, ?, 'QUEUED', 0, 0, '', '')");
        updateUnit = connection.prepareStatement("UPDATE unit SET state = ?, attempts = attempts + 1, next_attempt = ?,"
                + " last_reply = ?, remote_id = ? WHERE message = ? AND number = ? AND state <> 'FORWARDED'");
        openUnits = connection.prepareStatement("SELECT number FROM unit WHERE message = ? AND state <> 'FORWARDED'");
        allUnits = connection.prepareStatement("SELECT COUNT(*) FROM unit WHERE message = ?");
        findMessage = connection.prepareStatement("SELECT large FROM message WHERE id = ?");
        deleteUnits = connection.prepareStatement("DELETE FROM unit WHERE message = ?");
        deleteMessage = connection.prepareStatement("DELETE FROM message WHERE id = ?");
        updateLedger =
                connection.prepareStatement("UPDATE ledger SET accepted = accepted + ?, forwarded = forwarded + ?,"
                        + " last_id = MAX(last_id, ?), segment = ?, position = ?");
    }

    /** Takes the lock of the file, so that nothing read afterwards can be overtaken. First in every transaction. */
    void begin() throws SQLException {
        takeLock.executeUpdate();
    }

    void insert(Collection<IndexEntry> entries) throws SQLException {
        for (IndexEntry entry : entries) {
            StoredEnvelope stored = entry.stored();
            bindMessage(entry);
            insertMessage.addBatch();
            int number = 0;
            for (Recipient recipient : stored.envelope().recipients()) {
                insertUnit.setString(1, stored.id().text());
                insertUnit.setInt(2, number++);
                insertUnit.setString(3, StoredPaths.queueDomain(recipient));
                insertUnit.setString(4, recipient.path().toString());
                insertUnit.setString(5, recipient.parameters().toString());
                insertUnit.setLong(6, entry.location().size());
                insertUnit.addBatch();
            }
            accepted += number;
            lastId = Math.max(lastId, QueueIds.number(stored.id()));
        }
        insertMessage.executeBatch();
        insertUnit.executeBatch();
    }

    private void bindMessage(IndexEntry entry) throws SQLException {
        StoredEnvelope stored = entry.stored();
        Origin origin = stored.origin();
        Location location = entry.location();
        insertMessage.setString(1, stored.id().text());
        insertMessage.setLong(2, origin.arrival().toEpochMilli());
        insertMessage.setLong(3, location.size());
        insertMessage.setInt(4, location.crc());
        insertMessage.setLong(5, location.segment());
        insertMessage.setLong(6, location.position());
        insertMessage.setInt(7, location.large() ? 1 : 0);
        insertMessage.setString(8, origin.client().getHostAddress());
        insertMessage.setString(9, origin.heloName());
        insertMessage.setString(10, origin.protocol());
        insertMessage.setString(11, origin.tlsProtocol().orElse(""));
        insertMessage.setString(12, stored.envelope().reversePath().toString());
        insertMessage.setString(13, stored.envelope().parameters().toString());
    }

    /** Returns true if the message is settled by it and its content may go. */
    boolean apply(Change change) throws SQLException {
        String id = change.id().text();
        Set<Integer> open = openUnits(id);
        if (open.isEmpty()) {
            return false;
        }
        Set<Integer> left = new HashSet<>(open);
        for (UnitChange unit : change.units()) {
            if (unit.state() == UnitState.FORWARDED && left.remove(unit.number())) {
                forwarded++;
            }
        }
        if (left.isEmpty()) {
            delete(id);
            return true;
        }
        for (UnitChange unit : change.units()) {
            update(id, unit);
        }
        return false;
    }

    private void update(String id, UnitChange unit) throws SQLException {
        updateUnit.setString(1, unit.state().name());
        updateUnit.setLong(2, Math.max(0, unit.nextAttempt().toEpochMilli()));
        updateUnit.setString(3, unit.reply());
        updateUnit.setString(4, unit.remoteId());
        updateUnit.setString(5, id);
        updateUnit.setInt(6, unit.number());
        updateUnit.executeUpdate();
    }

    private Set<Integer> openUnits(String id) throws SQLException {
        openUnits.setString(1, id);
        try (ResultSet rows = openUnits.executeQuery()) {
            Set<Integer> numbers = new HashSet<>();
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
            return numbers;
        }
    }

    private void delete(String id) throws SQLException {
        deleteUnits.setString(1, id);
        deleteUnits.executeUpdate();
        deleteMessage.setString(1, id);
        deleteMessage.executeUpdate();
    }

    /** Takes a message back as if it had never been here, if it is. */
    void forget(QueueId id) throws SQLException {
        if (contains(id)) {
            allUnits.setString(1, id.text());
            try (ResultSet rows = allUnits.executeQuery()) {
                accepted -= rows.next() ? rows.getLong(1) : 0;
            }
            delete(id.text());
        }
    }

    boolean contains(QueueId id) throws SQLException {
        findMessage.setString(1, id.text());
        try (ResultSet rows = findMessage.executeQuery()) {
            return rows.next();
        }
    }

    boolean hasMessageIn(long segment) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT EXISTS (SELECT 1 FROM message WHERE segment = " + segment + ")")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    /** Counts units whose message is known by its outcome only. */
    void countForwarded(long units) {
        forwarded += units;
    }

    /** Adds to the ledger and takes care that no older id is given again. */
    void raise(Ledger by) {
        accepted += by.accepted();
        forwarded += by.forwarded();
        lastId = Math.max(lastId, by.lastId());
    }

    /** Makes it durable, and with it how far the segments are in the index. */
    void commit(long segment, long position) throws SQLException {
        updateLedger.setLong(1, accepted);
        updateLedger.setLong(2, forwarded);
        updateLedger.setLong(3, lastId);
        updateLedger.setLong(4, segment);
        updateLedger.setLong(5, position);
        updateLedger.executeUpdate();
        connection.commit();
        accepted = 0;
        forwarded = 0;
        lastId = 0;
    }

    /** Ends a rebuild: what is not in the segments any more was forwarded. */
    void balance() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(
                    "UPDATE ledger SET rebuilding = 0, accepted = CASE rebuilding WHEN 0 THEN accepted ELSE"
                            + " forwarded + (SELECT COUNT(*) FROM unit WHERE state <> 'FORWARDED') END");
        }
        connection.commit();
    }

    Optional<Mark> mark() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT segment, position, rebuilding, accepted, forwarded, last_id FROM ledger")) {
            return rows.next()
                    ? Optional.of(new Mark(
                            rows.getLong(1),
                            rows.getLong(2),
                            rows.getBoolean(3),
                            new Ledger(rows.getLong(4), rows.getLong(5), rows.getLong(6))))
                    : Optional.empty();
        }
    }

    /** How far the segments are in the index, and the ledger there. */
    record Mark(long segment, long position, boolean rebuilding, Ledger ledger) {}

    /** Closes the connection, which rolls back what is not committed. */
    @Override
    public void close() {
        try (connection) {
            for (PreparedStatement statement : List.of(
                    takeLock,
                    insertMessage,
                    insertUnit,
                    updateUnit,
                    openUnits,
                    allUnits,
                    findMessage,
                    deleteUnits,
                    deleteMessage,
                    updateLedger)) {
                statement.close();
            }
        } catch (SQLException e) {
            LOG.warn("the index cannot be closed: {}", e.getMessage());
        }
    }
}
