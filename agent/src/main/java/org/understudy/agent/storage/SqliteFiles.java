package org.understudy.agent.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.understudy.agent.cli.StartupException;
import org.understudy.agent.config.FileTrouble;

/** The open databases of the data directory. Thread-safe. */
public final class SqliteFiles implements AutoCloseable {
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final int JOURNAL_BYTES = 64 * 1024 * 1024;
    /** One writes, the others read. */
    private static final int CONNECTIONS = 4;

    private static final Duration IDLE = Duration.ofMinutes(1);

    private final Path directory;
    private final List<HikariDataSource> pools = new CopyOnWriteArrayList<>();

    /**
     * Makes the directory unless it is there.
     *
     * @throws StartupException if it cannot be made or written
     */
    public SqliteFiles(Path directory) {
        this.directory = directory;
        createDirectory(directory);
    }

    /**
     * A source of connections to one database file, each with the settings that make a commit survive a power cut.
     *
     * @throws StartupException if the file cannot be written, or is no database
     */
    public DataSource open(String file) {
        Path path = directory.resolve(file);
        createFile(path);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(file);
        pool.setDataSource(source(path));
        pool.setMaximumPoolSize(CONNECTIONS);
        // One connection stays open for good: with the last one SQLite removes its log, and cannot so much as read on a
        // disk that
        // has no room for a new one.
        pool.setMinimumIdle(1);
        pool.setMaxLifetime(0);
        pool.setIdleTimeout(IDLE.toMillis());
        pool.setConnectionTimeout(BUSY_TIMEOUT_MILLIS);
        try {
            HikariDataSource opened = new HikariDataSource(pool);
            pools.add(opened);
            return opened;
        } catch (HikariPool.PoolInitializationException e) {
            throw new StartupException(
                    "The database " + path + " cannot be opened ("
                            + e.getMessage()
                            + "): give it room and to the user that runs the agent, or put it aside.",
                    e);
        }
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
    }

    private static DataSource source(Path path) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setJournalSizeLimit(JOURNAL_BYTES);
        config.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + path);
        return source;
    }

    /** Makes the directory, readable by its owner alone, unless it is there. */
    public static void createDirectory(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new StartupException(
                    "The directory " + directory + " cannot be made ("
                            + FileTrouble.describe(e)
                            + "): give agent.dataDirectory a place where this user may write.",
                    e);
        }
        if (!Files.isWritable(directory)) {
            throw new StartupException(
                    "The directory " + directory + " cannot be written: give it to the user that runs the agent,"
                            + " or set agent.dataDirectory to another.",
                    null);
        }
    }

    private static void createFile(Path path) {
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isWritable(path)) {
                throw new StartupException(
                        "The database " + path + " cannot be written: give it to the user that runs the agent.", e);
            }
        } catch (IOException e) {
            throw new StartupException("The database " + path + " cannot be made: " + e.getMessage() + ".", e);
        }
    }
}
