package org.understudy.agent.bridge;

import java.nio.file.Path;
import java.util.List;
import org.understudy.probes.StoreSnapshot;
import org.understudy.probes.StoreSource;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolCondition;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.SpoolInspection;
import org.understudy.spool.SpoolStatus;

/** Where the bundled spool keeps its mail, as the store probe reads it. Thread-safe. */
public final class SpoolStoreSource implements StoreSource {
    private final Spool spool;
    private final Path directory;
    private final long reserveBytes;

    public SpoolStoreSource(Spool spool, Path directory, long reserveBytes) {
        this.spool = spool;
        this.directory = directory;
        this.reserveBytes = reserveBytes;
    }

    @Override
    public StoreSnapshot read() {
        SpoolStatus status = spool.status();
        SpoolCondition condition = SpoolInspection.condition(directory);
        QueueCounts counts = status.counts();
        return new StoreSnapshot(
                status.store().accepting(),
                status.store().detail(),
                condition.freeBytes(),
                reserveBytes,
                counts.drift(),
                "accepted " + counts.accepted() + " = " + counts.sum(),
                faults(condition.durability()),
                faults(condition.access()),
                faults(condition.setAside()));
    }

    private static List<StoreSnapshot.Fault> faults(List<SpoolFinding> findings) {
        return findings.stream()
                .map(finding -> new StoreSnapshot.Fault(finding.where(), finding.what()))
                .toList();
    }
}
