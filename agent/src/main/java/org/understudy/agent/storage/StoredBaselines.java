package org.understudy.agent.storage;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.understudy.probes.Baselines;
import org.understudy.smtp.DomainName;

/** Baselines in the database of the results. Thread-safe. */
final class StoredBaselines implements Baselines {
    private final Jdbi jdbi;

    StoredBaselines(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Optional<Baseline> find(DomainName domain) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT records, since, successor, successor_since FROM mx_baseline WHERE domain = :domain")
                .bind("domain", domain.text())
                .map((row, context) -> new Baseline(
                        row.getString("records"),
                        Instant.ofEpochMilli(row.getLong("since")),
                        row.getString("successor"),
                        Instant.ofEpochMilli(row.getLong("successor_since"))))
                .findOne());
    }

    @Override
    public void keep(DomainName domain, Baseline baseline) {
        jdbi.useHandle(handle -> handle.createUpdate(
                        "INSERT OR REPLACE INTO mx_baseline (domain, records, since, successor, successor_since)"
                                + " VALUES (:domain, :records, :since, :successor, :successorSince)")
                .bind("domain", domain.text())
                .bind("records", baseline.records())
                .bind("since", baseline.since().toEpochMilli())
                .bind("successor", baseline.successor())
                .bind("successorSince", baseline.successorSince().toEpochMilli())
                .execute());
    }
}
