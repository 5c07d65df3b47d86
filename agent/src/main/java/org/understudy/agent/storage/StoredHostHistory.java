package org.understudy.agent.storage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.HostHistory;

/**
 * How servers have been answering, in memory, and for the next start in the database of the results. What cannot be written there
 * counts all the same. Thread-safe.
 */
final class StoredHostHistory implements HostHistory {
    private static final Logger LOG = LoggerFactory.getLogger(StoredHostHistory.class);

    private final Jdbi jdbi;
    private final Map<String, List<Change>> known = new ConcurrentHashMap<>();

    StoredHostHistory(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public List<Change> changes(String probeId) {
        List<Change> changes = known.get(probeId);
        return changes != null ? changes : known.computeIfAbsent(probeId, this::read);
    }

    private List<Change> read(String probeId) {
        return jdbi.withHandle(handle -> handle.createQuery(
                        "SELECT at, state FROM host_change WHERE probe_id = :probe ORDER BY id")
                .bind("probe", probeId)
                .map((row, context) ->
                        new Change(Instant.ofEpochMilli(row.getLong("at")), State.valueOf(row.getString("state"))))
                .list());
    }

    @Override
    public void add(String probeId, Change change) {
        List<Change> changes = new ArrayList<>(changes(probeId));
        changes.add(change);
        known.put(probeId, List.copyOf(changes.subList(Math.max(0, changes.size() - KEPT), changes.size())));
        try {
            insert(probeId, change);
        } catch (JdbiException e) {
            LOG.warn("how {} has been answering cannot be stored: {}", probeId, e.getMessage());
        }
    }

    private void insert(String probeId, Change change) {
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
