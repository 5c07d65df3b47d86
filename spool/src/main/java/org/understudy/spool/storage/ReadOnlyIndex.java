package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.sqlite.SQLiteConfig;
import org.understudy.spool.SpoolException;

/**
 * The index for those who only look. Beside a running store, or after a crash, SQLite reads the log as well, for which it may
 * write its shared memory ({@code index.db-shm}) and nothing else. After an orderly stop there is no log; then the file is
 * opened as one that does not change, because SQLite would make a log just to read. Confined to one thread.
 */
final class ReadOnlyIndex implements AutoCloseable {
    private final Path file;
    private final boolean withoutLog;
    private final Connection connection;
    private final IndexReader reader;

    private ReadOnlyIndex(Path file, boolean withoutLog, Connection connection) {
        this.file = file;
        this.withoutLog = withoutLog;
        this.connection = connection;
        this.reader = new IndexReader(connection);
    }

    /**
     * Opens it.
     *
     * @throws NoSuchFileException if there is none
     * @throws DamagedIndexException if it is damaged, or of another format
     * @throws SQLException if it cannot be read for another reason
     */
    static ReadOnlyIndex open(Path file) throws SQLException, IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        boolean withoutLog = !Files.exists(log(file));
        SQLiteConfig config = Index.config();
        config.setReadOnly(true);
        String name = file.toUri() + (withoutLog ? "?immutable=1" : "?mode=ro");
        try {
            Connection connection = config.createConnection("jdbc:sqlite:" + name);
            try {
                requireFormat(connection);
                return new ReadOnlyIndex(file, withoutLog, connection);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            if (Index.isDamage(e)) {
                throw new DamagedIndexException(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    private static void requireFormat(Connection connection) throws SQLException {
        int format = Integer.parseInt(Index.pragma(connection, "user_version"));
        if (format != Index.FORMAT) {
            throw new DamagedIndexException("it has format " + format + ", and this version reads " + Index.FORMAT);
        }
    }

    private static Path log(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    /**
     * Looks whether what was read can be believed.
     *
     * @throws SpoolException if a process began to use the spool after this was opened as a file that does not change
     */
    void requireUndisturbed() {
        if (withoutLog && Files.exists(log(file))) {
            throw new SpoolException(
                    "The spool was started while it was being looked at, so that nothing can be said: run the command again.");
        }
    }

    /** Reads single messages and sums; through the same connection. */
    IndexReader reader() {
        return reader;
    }

    /** What is wrong with the file itself, at most ten things; empty if it is sound. */
    List<String> damage() throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA quick_check(10)")) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines.equals(List.of("ok")) ? List.of() : lines;
    }

    /** As {@code PRAGMA name} says it. */
    String pragma(String name) throws SQLException {
        return Index.pragma(connection, name);
    }

    /** True if the file is kept with a write-ahead log. */
    boolean keepsLog() throws SQLException, IOException {
        if (!withoutLog) {
            return pragma("journal_mode").equalsIgnoreCase("wal");
        }
        // SQLite itself says "delete" of a file that does not change. Nobody in this process has the file locked.
        try (var in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(20);
            return header.length == 20 && header[18] == 2 && header[19] == 2;
        }
    }

    /**
     * How far the index has got.
     *
     * @param position up to here of the segment it has taken everything in
     */
    record Progress(long segment, long position, boolean rebuilding, Ledger ledger) {}

    /** What stands in the index about one segment, and how far the index has got, at one moment. */
    record View(Progress progress, LivingRecords living) {}

    View view(long segment) throws SQLException {
        return atOnce(() -> new View(progress(), living(segment)));
    }

    Progress progress() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT segment, position, rebuilding, " + Ledger.COLUMNS + " FROM ledger")) {
            if (!rows.next()) {
                throw new DamagedIndexException("it has no ledger");
            }
            return new Progress(rows.getLong(1), rows.getLong(2), rows.getBoolean(3), Ledger.of(rows));
        }
    }

    private LivingRecords living(long segment) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT id, record, size, crc, envelope, large,"
                + " (SELECT COUNT(*) FROM unit WHERE unit.message = message.id)"
                + " FROM message WHERE segment = ? ORDER BY record")) {
            statement.setLong(1, segment);
            try (ResultSet rows = statement.executeQuery()) {
                return LivingRecords.of(rows);
            }
        }
    }

    /** The next segment in which something lives. */
    OptionalLong segmentAfter(long segment) throws SQLException {
        long next = number("SELECT COALESCE(MIN(segment), 0) FROM message WHERE segment > " + segment);
        return next == 0 ? OptionalLong.empty() : OptionalLong.of(next);
    }

    /** Ids of messages with a file of their own, in order. */
    List<Long> largeAfter(long id, int limit) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT id FROM message WHERE large = 1 AND id > " + id + " ORDER BY id LIMIT " + limit)) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    /** Units of messages that are not there. */
    long strayUnits() throws SQLException {
        return number("SELECT COUNT(*) FROM unit WHERE message NOT IN (SELECT id FROM message)");
    }

    /** Messages of which no unit is open. */
    long messagesWithoutOpenUnit() throws SQLException {
        return number(
                "SELECT COUNT(*) FROM message WHERE NOT EXISTS (SELECT 1 FROM unit WHERE unit.message = message.id"
                        + " AND " + IndexCodes.OPEN + ")");
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private interface Query<T> {
        T run() throws SQLException;
    }

    private <T> T atOnce(Query<T> query) throws SQLException {
        connection.setAutoCommit(false);
        try {
            return query.run();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
