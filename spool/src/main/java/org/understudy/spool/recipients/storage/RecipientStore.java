package org.understudy.spool.recipients.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.understudy.smtp.DomainName;
import org.understudy.spool.LearnedRecipient;
import org.understudy.spool.LearnedRecipient.Testimony;
import org.understudy.spool.SpoolException;
import org.understudy.spool.recipients.CatchAll;

/** What was learned of recipients, in SQLite. Confined to one thread at a time; other processes may use the file as well. */
public final class RecipientStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecipientStore.class);
    private static final int FORMAT = 1;
    private static final int BUSY_TIMEOUT_MILLIS = 5_000;
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final Connection connection;
    private final Jdbi jdbi;
    private long version;

    private RecipientStore(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
        this.jdbi = Jdbi.create(connection);
    }

    /**
     * Opens the file, or makes it; one that is damaged is made anew.
     *
     * @throws SpoolException if it cannot be used for another reason
     */
    public static RecipientStore open(Path file) {
        try {
            return attempt(file);
        } catch (SQLException | JdbiException | SpoolException e) {
            if (!isDamage(e)) {
                throw unusable(file, e);
            }
            LOG.warn("{} is damaged ({}): what was learned of recipients is learned anew", file, e.getMessage());
        } catch (IOException e) {
            throw unusable(file, e);
        }
        try {
            delete(file);
            return attempt(file);
        } catch (SQLException | JdbiException | SpoolException | IOException e) {
            throw unusable(file, e);
        }
    }

    /**
     * Opens the file as it is.
     *
     * @throws SpoolException if it is not there or cannot be read
     */
    public static RecipientStore look(Path file) {
        if (!Files.exists(file)) {
            throw new SpoolException("There is no " + file
                    + ": nothing was learned of recipients yet, or spool.relay has no recipients.");
        }
        try {
            return attempt(file);
        } catch (SQLException | JdbiException | SpoolException | IOException e) {
            throw unusable(file, e);
        }
    }

    private static SpoolException unusable(Path file, Exception e) {
        return new SpoolException(
                "The recipients that were learned, in " + file + ", cannot be used: " + e.getMessage()
                        + ". The file may be deleted while no agent runs.",
                e);
    }

    private static void delete(Path file) throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
        }
    }

    private static RecipientStore attempt(Path file) throws SQLException, IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PRIVATE);
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // A power cut may cost what was learned in the last seconds.
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        Connection connection = config.createConnection("jdbc:sqlite:" + file);
        RecipientStore store = new RecipientStore(file, connection);
        try {
            store.prepare();
            return store;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void prepare() throws SQLException {
        String check = pragma("quick_check(1)");
        if (!check.equals("ok")) {
            throw new SQLiteException(check, SQLiteErrorCode.SQLITE_CORRUPT);
        }
        int format = Integer.parseInt(pragma("user_version"));
        if (format > FORMAT) {
            throw new SQLException("a newer version made it");
        }
        if (format == 0) {
            jdbi.useTransaction(handle -> handle.createScript(schema()).execute());
        }
        version = Long.parseLong(pragma("data_version"));
        load();
    }

    private String pragma(String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("PRAGMA " + name)) {
            return result.next() ? result.getString(1) : "";
        }
    }

    private static String schema() {
        try (InputStream in = RecipientStore.class.getResourceAsStream("recipients.sql")) {
            if (in == null) {
                throw new IllegalStateException("recipients.sql is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** True if the trouble is in the file, so that a new one has none of it. */
    private static boolean isDamage(Throwable trouble) {
        for (Throwable t = trouble; t != null; t = t.getCause()) {
            if (t instanceof SQLiteException e) {
                SQLiteErrorCode code = e.getResultCode();
                return code == SQLiteErrorCode.SQLITE_NOTADB
                        || code == SQLiteErrorCode.SQLITE_ERROR
                        || code.name().startsWith("SQLITE_CORRUPT");
            }
        }
        return false;
    }

    /** True if another process has written to it since the last call. */
    public boolean changedByOthers() {
        return attempt(() -> {
            try {
                long now = Long.parseLong(pragma("data_version"));
                boolean changed = now != version;
                version = now;
                return changed;
            } catch (SQLException e) {
                throw unusable(file, e);
            }
        });
    }

    /** Everything that was learned. */
    public List<LearnedRecipient> load() {
        return attempt(
                () -> jdbi.withHandle(handle -> handle.createQuery("SELECT * FROM recipient ORDER BY domain, key")
                        .map((rs, context) -> read(rs))
                        .list()));
    }

    private static LearnedRecipient read(ResultSet rs) throws SQLException {
        long doubted = rs.getLong("doubted_since");
        return new LearnedRecipient(
                rs.getString("local_part"),
                new DomainName(rs.getString("domain")),
                testimony(rs, "taken"),
                testimony(rs, "refused"),
                doubted == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(doubted)));
    }

    private static Optional<Testimony> testimony(ResultSet rs, String column) throws SQLException {
        long at = rs.getLong(column + "_at");
        return rs.wasNull()
                ? Optional.empty()
                : Optional.of(new Testimony(Instant.ofEpochMilli(at), rs.getString(column + "_words")));
    }

    /** Which domains are taken as a whole by their next hop, and which are not. */
    public Map<DomainName, CatchAll> catchAlls() {
        return attempt(() -> jdbi.withHandle(handle -> {
            Map<DomainName, CatchAll> found = new HashMap<>();
            handle.createQuery("SELECT * FROM catch_all")
                    .map((rs, context) -> Map.entry(
                            new DomainName(rs.getString("domain")),
                            new CatchAll(rs.getInt("takes_all") != 0, Instant.ofEpochMilli(rs.getLong("checked_at")))))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
            return found;
        }));
    }

    /** Writes what has changed, in one transaction. */
    public void write(
            Collection<LearnedRecipient> changed, Collection<String> forgotten, Map<DomainName, CatchAll> catchAlls) {
        attempt(() -> {
            jdbi.useTransaction(handle -> {
                recipients(handle, changed);
                forget(handle, forgotten);
                catchAlls(handle, catchAlls);
            });
            return "";
        });
    }

    private static void recipients(Handle handle, Collection<LearnedRecipient> changed) {
        if (changed.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("INSERT OR REPLACE INTO recipient VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        for (LearnedRecipient recipient : changed) {
            batch.bind(0, key(recipient))
                    .bind(1, recipient.localPart())
                    .bind(2, recipient.domain().text())
                    .bind(3, recipient.taken().map(t -> t.at().toEpochMilli()))
                    .bind(4, recipient.taken().map(Testimony::words))
                    .bind(5, recipient.refused().map(t -> t.at().toEpochMilli()))
                    .bind(6, recipient.refused().map(Testimony::words))
                    .bind(7, recipient.doubtedSince().map(Instant::toEpochMilli))
                    .add();
        }
        batch.execute();
    }

    private static void forget(Handle handle, Collection<String> keys) {
        if (keys.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("DELETE FROM recipient WHERE key = ?");
        keys.forEach(key -> batch.bind(0, key).add());
        batch.execute();
    }

    private static void catchAlls(Handle handle, Map<DomainName, CatchAll> catchAlls) {
        catchAlls.forEach((domain, found) -> handle.execute(
                "INSERT OR REPLACE INTO catch_all VALUES (?, ?, ?)",
                domain.text(),
                found.takesAll() ? 1 : 0,
                found.checked().toEpochMilli()));
    }

    /** By what an address is looked up: different spellings by case are one. */
    public static String key(LearnedRecipient recipient) {
        return key(recipient.localPart(), recipient.domain());
    }

    public static String key(String localPart, DomainName domain) {
        return localPart.toLowerCase(Locale.ROOT) + "@" + domain;
    }

    private <T> T attempt(Supplier<T> work) {
        try {
            return work.get();
        } catch (JdbiException e) {
            throw new SpoolException(file + " cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("{} was closed, with trouble: {}", file, e.getMessage());
        }
    }
}
