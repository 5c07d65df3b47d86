package org.understudy.probes.storage;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The tables of one kind of probe, in a file that may hold tables of others. Thread-safe. */
public final class ProbeTables {
    private final Jdbi jdbi;

    // SQLite has one writer; to queue here is fair and cheaper than to be turned away there.
    private final ReentrantLock writing = new ReentrantLock(true);

    private ProbeTables(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * Brings the tables up to date.
     *
     * @param owner beside which the migrations lie
     * @param name of the tables, with which the table of the migrations begins
     */
    public static ProbeTables open(DataSource dataSource, Class<?> owner, String name) {
        Flyway.configure(owner.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:" + owner.getPackageName().replace('.', '/'))
                .table(name + "_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
        return new ProbeTables(Jdbi.create(dataSource));
    }

    /** What the tables say now. */
    public <T> T read(Function<Handle, T> work) {
        return jdbi.withHandle(work::apply);
    }

    /** All of it or nothing, durable on return. */
    public void change(Consumer<Handle> work) {
        writing.lock();
        try {
            jdbi.useTransaction(work::accept);
        } finally {
            writing.unlock();
        }
    }
}
