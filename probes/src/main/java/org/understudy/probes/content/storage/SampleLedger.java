package org.understudy.probes.content.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.understudy.probes.storage.ProbeTables;
import org.understudy.smtp.DomainName;

/** When samples were sent for each domain last, and what came of it. Each change is durable on return. Thread-safe. */
public final class SampleLedger {
    private final ProbeTables tables;

    private SampleLedger(ProbeTables tables) {
        this.tables = tables;
    }

    /** Brings the tables up to date. The file may hold tables of others. */
    public static SampleLedger open(DataSource dataSource) {
        return new SampleLedger(ProbeTables.open(dataSource, SampleLedger.class, "content"));
    }

    /** When samples were sent last; empty if they never were. */
    public Optional<Instant> began(DomainName domain) {
        return tables.read(handle -> handle.createQuery("SELECT began FROM content_run WHERE domain = :domain")
                .bind("domain", domain.text())
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli));
    }

    /** To be called before the first octet leaves. Forgets what was answered before. */
    public void begin(DomainName domain, Instant now) {
        tables.change(handle -> {
            handle.execute("DELETE FROM content_answer WHERE domain = ?", domain.text());
            handle.execute(
                    "INSERT INTO content_run (domain, began) VALUES (?, ?)"
                            + " ON CONFLICT (domain) DO UPDATE SET began = excluded.began",
                    domain.text(),
                    now.toEpochMilli());
        });
    }

    public void answered(DomainName domain, List<StoredAnswer> answers) {
        tables.change(handle -> answers.forEach(answer -> handle.createUpdate(
                        "INSERT OR REPLACE INTO content_answer (domain, host, sample, kind, stage, words, queue_id)"
                                + " VALUES (:domain, :host, :sample, :kind, :stage, :words, :queue)")
                .bind("domain", domain.text())
                .bind("host", answer.host())
                .bind("sample", answer.sample())
                .bind("kind", answer.kind())
                .bind("stage", answer.stage())
                .bind("words", answer.words())
                .bind("queue", answer.queueId())
                .execute()));
    }

    /** What was answered since the samples were sent last. */
    public List<StoredAnswer> answers(DomainName domain) {
        return tables.read(handle -> handle.createQuery("SELECT * FROM content_answer WHERE domain = :domain")
                .bind("domain", domain.text())
                .map((row, context) -> new StoredAnswer(
                        row.getString("host"),
                        row.getString("sample"),
                        row.getString("kind"),
                        row.getString("stage"),
                        row.getString("words"),
                        row.getString("queue_id")))
                .list());
    }
}
