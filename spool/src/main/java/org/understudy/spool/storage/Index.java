package org.understudy.spool.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.understudy.spool.SpoolException;

/**
 * The index in SQLite: one connection that writes and belongs to one thread, one that reads the queue, and one that sums it up,
 * so that a sum over a long queue holds up nobody.
 */
final class Index implements AutoCloseable {
    static final int FORMAT = 4;
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final int CHECKPOINT_PAGES = 4000;
    private static final int LARGEST_IDLE_LOG = 32 * 1024 * 1024;
    private static final int SYNCHRONOUS_FULL = 2;

    private final Path file;
    private final IndexReader queue;
    private final IndexReader sums;
    private @Nullable IndexWriter writer;

    private Index(Path file, IndexWriter writer, IndexReader queue, IndexReader sums) {
        this.file = file;
        this.writer = writer;
        this.queue = queue;
        this.sums = sums;
    }

    /**
     * Opens or makes the index.
     *
     * @throws DamagedIndexException if it has to be made anew
     * @throws SQLException if it cannot be used for another reason
     * @throws SpoolException if a newer version made it, or SQLite does not do as told
     */
    static Index open(Path file) throws SQLException, IOException {
        if (!Files.exists(file)) {
            // SQLite would give it the mode of the umask; its log takes the mode of the file.
            Files.createFile(file, StoreDirectory.PRIVATE_FILE);
        }
        try {
            if (Files.size(file) == 0) {
                make(file);
            }
            Connection writing = connect(file, false);
            try {
                prepare(file, writing);
                return new Index(
                        file,
                        new IndexWriter(writing),
                        new IndexReader(connect(file, true)),
                        new IndexReader(connect(file, true)));
            } catch (SQLException | RuntimeException e) {
                writing.close();
                throw e;
            }
        } catch (SQLException | RuntimeException e) {
            if (isDamage(e)) {
                throw new DamagedIndexException(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** True if the trouble is in what the file says, not in whether it can be read or written. */
    static boolean isDamage(Throwable trouble) {
        for (Throwable t = trouble; t != null; t = t.getCause()) {
            if (t instanceof DamagedIndexException) {
                return true;
            }
            if (t instanceof SQLiteException e) {
                SQLiteErrorCode code = e.getResultCode();
                return code == SQLiteErrorCode.SQLITE_NOTADB || code.name().startsWith("SQLITE_CORRUPT");
            }
        }
        return false;
    }

    private static void make(Path file) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            // Takes effect only before anything else is in the file, the note about the log included.
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            Jdbi.create(connection).useTransaction(h -> h.createScript(schema()).execute());
        }
    }

    private static void prepare(Path file, Connection writing) throws SQLException {
        int format = Integer.parseInt(pragma(writing, "user_version"));
        if (format > FORMAT) {
            throw new SpoolException("The spool index " + file + " has format " + format
                    + ", made by a newer version: run that version, or one that is newer still.");
        }
        if (format < FORMAT) {
            throw new DamagedIndexException("it has the older format " + format);
        }
        String check = pragma(writing, "quick_check(1)");
        if (!check.equals("ok")) {
            throw new DamagedIndexException(check);
        }
        // Read back: a setting that did not take would lose mail at the next power cut, silently.
        if (Integer.parseInt(pragma(writing, "synchronous")) != SYNCHRONOUS_FULL) {
            throw new SpoolException("SQLite did not take synchronous=FULL for " + file + ".");
        }
        if (!pragma(writing, "journal_mode").toLowerCase(Locale.ROOT).equals("wal")) {
            throw new SpoolException("SQLite cannot keep a write-ahead log for " + file
                    + ": put the spool directory on a local file system.");
        }
    }

    private static Connection connect(Path file, boolean reader) throws SQLException {
        Connection connection = config().createConnection("jdbc:sqlite:" + file);
        if (reader) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA query_only = 1");
            }
        }
        return connection;
    }

    /** What every connection is told. */
    static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setJournalSizeLimit(LARGEST_IDLE_LOG);
        // The driver begins the next transaction right after a commit: an immediate one would hold the lock while idle.
        // The
        // writer's first statement is a write instead, which comes to the same.
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        config.setPragma(SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, Integer.toString(CHECKPOINT_PAGES));
        return config;
    }

    static String pragma(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA " + name)) {
            return result.next() ? result.getString(1) : "";
        }
    }

    private static String schema() {
        try (InputStream in = Index.class.getResourceAsStream("index.sql")) {
            if (in == null) {
                throw new IllegalStateException("index.sql is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** For the thread that opened the index, and later for the committer's alone. After a failure it is a new one. */
    IndexWriter writer() throws SQLException {
        IndexWriter usable = writer;
        if (usable == null) {
            usable = newWriter(connect(file, false));
            writer = usable;
        }
        return usable;
    }

    private static IndexWriter newWriter(Connection connection) throws SQLException {
        try {
            return new IndexWriter(connection);
        } catch (SQLException e) {
            // Left open it could hold the lock of the file for ever.
            connection.close();
            throw e;
        }
    }

    /** Forgets the writing connection after a failure: what it believes of its log is not to be built upon. */
    void dropWriter() {
        IndexWriter broken = writer;
        writer = null;
        if (broken != null) {
            broken.close();
        }
    }

    IndexReader queue() {
        return queue;
    }

    IndexReader sums() {
        return sums;
    }

    @Override
    public void close() {
        queue.close();
        sums.close();
        // Last, because the last connection brings the log into the file.
        dropWriter();
    }
}
