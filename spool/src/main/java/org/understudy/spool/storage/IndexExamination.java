package org.understudy.spool.storage;

import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.SpoolException;
import org.understudy.spool.SpoolFinding;

/** Looks whether the index is sound in itself. Confined to one thread. */
final class IndexExamination {
    private final ReadOnlyIndex index;
    private final Consumer<SpoolFinding> findings;

    IndexExamination(ReadOnlyIndex index, Consumer<SpoolFinding> findings) {
        this.index = index;
        this.findings = findings;
    }

    /** Whether it can be compared with the segments; what is wrong with the file is reported. */
    boolean isReadable() throws SQLException {
        try {
            for (String line : index.damage()) {
                fault("SQLite finds it damaged: " + line);
            }
            if (index.progress().rebuilding()) {
                findings.accept(SpoolFinding.warning(
                        "index.db",
                        "the index is being made from the segments and is not complete yet",
                        "Start the agent, or wait until it has started, and run the command again."));
            }
            return true;
        } catch (SQLException e) {
            if (!Index.isDamage(e)) {
                throw e;
            }
            fault("the index is damaged: " + e.getMessage());
            return false;
        }
    }

    /** The sums of the queue; what does not add up is reported. */
    Optional<QueueCounts> ledger() throws SQLException {
        long stray = index.strayUnits();
        if (stray > 0) {
            fault("units of messages that are not there: " + stray);
        }
        long settled = index.messagesWithoutOpenUnit();
        if (settled > 0) {
            fault("messages of which every recipient is settled, but which are still there: " + settled);
        }
        try {
            QueueCounts counts = index.reader().counts();
            if (!counts.isBalanced()) {
                fault("the ledger does not add up: accepted " + counts.accepted() + ", but " + counts.sum());
            }
            return Optional.of(counts);
        } catch (SpoolException e) {
            fault(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void fault(String what) {
        findings.accept(SpoolFinding.fault("index.db", what, Remedies.REBUILD));
    }
}
