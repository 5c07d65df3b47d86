package org.understudy.agent.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.understudy.agent.cli.StartupException;
import org.understudy.agent.config.FileTrouble;

/** Opens the databases of the data directory. Thread-safe, stateless. */
public final class SqliteFiles {
    private static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final int JOURNAL_BYTES = 64 * 1024 * 1024;

    private SqliteFiles() {}

    /**
     * A source of connections to one database file, each with the settings that make a commit survive a power cut.
     *
     * @throws StartupException if the directory cannot be made or the file cannot be written
     */
    public static DataSource open(Path directory, String file) {
        createDirectory(directory);
        Path path = directory.resolve(file);
        createFile(path);
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
