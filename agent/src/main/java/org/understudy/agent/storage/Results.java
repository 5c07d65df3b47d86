package org.understudy.agent.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.Baselines;
import org.understudy.probes.HostHistory;
import org.understudy.probes.ProbeResult;

/**
 * The results of all probes: the latest of each at hand and in the database, and of the others there those that brought news, or a
 * quarter of an hour had none before them. A result that cannot be stored is at hand all the same, and the trouble known.
 * Thread-safe.
 */
public final class Results {
    private static final Logger LOG = LoggerFactory.getLogger(Results.class);
    private static final Duration RETENTION = Duration.ofDays(7);
    private static final Duration SAMPLE = Duration.ofMinutes(15);

    private final Jdbi jdbi;
    private final BooleanSupplier sparing;
    private final Clock clock;
    private final Map<String, ProbeResult> latest = new ConcurrentHashMap<>();
    /** Newest of each probe in the history, as far as this process has written it. */
    private final Map<String, ProbeResult> history = new ConcurrentHashMap<>();

    private volatile Optional<String> trouble = Optional.empty();

    private Results(Jdbi jdbi, BooleanSupplier sparing, Clock clock) {
        this.jdbi = jdbi;
        this.sparing = sparing;
        this.clock = clock;
    }

    /**
     * Opens the history, brings its tables up to date and reads the latest result of each probe.
     *
     * @param sparing true while the space that is left is for other things than history
     */
    public static Results open(DataSource source, BooleanSupplier sparing, Clock clock) {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:org/understudy/agent/storage")
                .table("result_schema")
                .load()
                .migrate();
        Results results = new Results(Jdbi.create(source), sparing, clock);
        results.readLatest();
        return results;
    }

    /** What counts as normal, kept in the same database. */
    public Baselines baselines() {
        return new StoredBaselines(jdbi);
    }

    /** How servers have been answering, kept in the same database. */
    public HostHistory hostHistory() {
        return new StoredHostHistory(jdbi);
    }

    /** Keeps a result. */
    public void add(ProbeResult result) {
        latest.put(result.probeId(), result);
        if (sparing.getAsBoolean()) {
            return;
        }
        Optional<String> before = trouble;
        try {
            insert(result);
            trouble = Optional.empty();
            before.ifPresent(why -> LOG.info("results are stored again"));
        } catch (JdbiException e) {
            String why = String.valueOf(
                    e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
            trouble = Optional.of(why);
            if (before.isEmpty()) {
                LOG.error("results cannot be stored: {}", why);
            }
        }
    }

    /** Why the last result could not be stored, if so. */
    public Optional<String> trouble() {
        return trouble;
    }

    private void insert(ProbeResult result) {
        String document = ResultJson.write(result);
        boolean isNews = isNews(result);
        jdbi.useTransaction(handle -> {
            handle.createUpdate("INSERT OR REPLACE INTO latest_result (probe_id, started, document)"
                            + " VALUES (:probe, :started, :document)")
                    .bind("probe", result.probeId())
                    .bind("started", result.started().toEpochMilli())
                    .bind("document", document)
                    .execute();
            if (isNews) {
                handle.createUpdate("INSERT INTO result (probe_id, started, outcome, document)"
                                + " VALUES (:probe, :started, :outcome, :document)")
                        .bind("probe", result.probeId())
                        .bind("started", result.started().toEpochMilli())
                        .bind("outcome", result.outcome().name())
                        .bind("document", document)
                        .execute();
            }
        });
        if (isNews) {
            history.put(result.probeId(), result);
        }
    }

    private boolean isNews(ProbeResult result) {
        ProbeResult before = history.get(result.probeId());
        return before == null
                || before.outcome() != result.outcome()
                || !before.findings().equals(result.findings())
                || !result.started().isBefore(before.started().plus(SAMPLE));
    }

    /** The newest result of a probe, also of one that ran before the last restart. */
    public Optional<ProbeResult> latest(String probeId) {
        return Optional.ofNullable(latest.get(probeId));
    }

    /** Forgets what is older than the retention of seven days. */
    public void purge() {
        int gone = jdbi.withHandle(handle -> handle.createUpdate("DELETE FROM result WHERE started < :before")
                .bind("before", clock.instant().minus(RETENTION).toEpochMilli())
                .execute());
        LOG.debug("forgot {} results", gone);
    }

    private void readLatest() {
        jdbi.useHandle(handle -> handle.createQuery("SELECT document FROM latest_result")
                .mapTo(String.class)
                .forEach(document -> parse(document).ifPresent(r -> latest.put(r.probeId(), r))));
    }

    private static Optional<ProbeResult> parse(String document) {
        try {
            return Optional.of(ResultJson.read(document));
        } catch (JsonProcessingException e) {
            // Written by a version with other finding types: history, not worth failing for.
            LOG.warn("a stored result cannot be read and is left out: {}", e.getOriginalMessage());
            return Optional.empty();
        }
    }
}
