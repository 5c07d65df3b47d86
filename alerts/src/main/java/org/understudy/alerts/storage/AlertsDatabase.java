package org.understudy.alerts.storage;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.understudy.alerts.AlertsException;

/** The database of the alerts. Thread-safe. */
public final class AlertsDatabase {
    private final Jdbi jdbi;

    // SQLite has one writer; to queue here is fair and cheaper than to be turned away there.
    private final ReentrantLock writing = new ReentrantLock(true);
    private final AtomicLong writes = new AtomicLong();

    private AlertsDatabase(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Brings the tables up to date. The file may hold tables of others. */
    public static AlertsDatabase open(DataSource dataSource) {
        try {
            Flyway.configure(AlertsDatabase.class.getClassLoader())
                    .dataSource(dataSource)
                    .locations("classpath:org/understudy/alerts/storage")
                    .table("alerts_schema_history")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new AlertsException("The tables of the alerts cannot be brought up to date: " + e.getMessage(), e);
        }
        return new AlertsDatabase(Jdbi.create(dataSource));
    }

    /** All of it or nothing, durable on return. */
    public <T> T write(Function<Tables, T> work) {
        writing.lock();
        try {
            return jdbi.inTransaction(handle -> work.apply(new Tables(handle)));
        } catch (JdbiException e) {
            throw new AlertsException("The database of the alerts cannot be written: " + e.getMessage(), e);
        } finally {
            writes.incrementAndGet();
            writing.unlock();
        }
    }

    /** Changes whenever what is read may have changed. */
    public long version() {
        return writes.get();
    }

    /** As {@link #write}, without a result. */
    public void change(Consumer<Tables> work) {
        boolean done = write(tables -> {
            work.accept(tables);
            return true;
        });
        assert done;
    }

    /** Reads what is committed; several statements may see different states. */
    public <T> T read(Function<Tables, T> work) {
        try {
            return jdbi.withHandle(handle -> work.apply(new Tables(handle)));
        } catch (JdbiException e) {
            throw new AlertsException("The database of the alerts cannot be read: " + e.getMessage(), e);
        }
    }
}
