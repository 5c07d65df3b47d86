package org.understudy.agent.storage;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.understudy.probes.HostHistory;

/** How servers have been answering, in the database of the results. Thread-safe. */
final class StoredHostHistory implements HostHistory {
    private final Jdbi jdbi;

    StoredHostHistory(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public List<Change> changes(String probeId) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT at, state FROM host_change WHERE probe_id = :probe ORDER BY id")
                .bind("probe", probeId)
                .map((row, context) ->
                        new Change(Instant.ofEpochMilli(row.getLong("at")), State.valueOf(row.getString("state"))))
                .list());
    }

    @Override
    public void add(String probeId, Change change) {
        jdbi.useTransaction(handle -> {
            handle.createUpdate("INSERT INTO host_change (probe_id, at, state) VALUES (:probe, :at, :state)")
                    .bind("probe", probeId)
                    .bind("at", change.at().toEpochMilli())
                    .bind("state", change.state().name())
                    .execute();
            handle.createUpdate("DELETE FROM host_change WHERE probe_id = :probe AND id NOT IN"
                            + " (SELECT id FROM host_change WHERE probe_id = :probe ORDER BY id DESC LIMIT :kept)")
                    .bind("probe", probeId)
                    .bind("kept", KEPT)
                    .execute();
        });
    }
}
