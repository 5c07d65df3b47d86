package org.understudy.spool.storage;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.understudy.spool.QueueId;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.storage.IndexEntry.Location;

/** What is written with one sync of the segment and one transaction of the index. Confined to the committer's thread; used once. */
final class Batch {
    private final IndexWriter writer;
    private final Segment segment;
    private final List<IndexEntry> accepted = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();

    Batch(IndexWriter writer, Segment segment) {
        this.writer = writer;
        this.segment = segment;
    }

    /** What became of a batch that is durable. */
    record Result(List<QueueId> settled, Map<Long, Long> growth) {}

    /** Writes it all; durable when it returns. */
    Result write(List<Work> batch) throws IOException, SQLException {
        // Whatever else there is begins with a look at what the index has.
        if (batch.stream().anyMatch(work -> !(work.task() instanceof Work.Message))) {
            writer.begin();
        }
        // First: an outcome must stand behind the copy of the message that it speaks of.
        for (Work work : batch) {
            if (work.task() instanceof Work.Rescue rescue) {
                rescue(rescue);
            }
        }
        for (Work work : batch) {
            if (work.task() instanceof Work.Message message) {
                long record = segment.append(message.segmentRecord());
                accepted.add(message.entry().at(segment.number(), record));
            } else if (work.task() instanceof Work.Settlement settlement) {
                settle(settlement);
            }
        }
        segment.sync();
        writer.insert(accepted);
        List<QueueId> settled = new ArrayList<>();
        for (Change change : changes) {
            if (writer.apply(change)) {
                settled.add(change.id());
            }
        }
        return new Result(settled, writer.commit(segment.number(), segment.position()));
    }

    private void settle(Work.Settlement settlement) throws IOException, SQLException {
        Optional<Location> at = writer.find(settlement.change().id());
        if (at.isEmpty()) {
            // Settled before: nothing more can happen to it.
            return;
        }
        if (settlement.outcome().isPresent()) {
            segment.append(settlement
                    .outcome()
                    .get()
                    .withCopies(at.get().since(), at.get().segment())
                    .segmentRecord());
        }
        changes.add(settlement.change());
    }

    private void rescue(Work.Rescue rescue) throws IOException, SQLException {
        for (Outcome outcome : rescue.outcomes()) {
            carry(outcome);
        }
        move(rescue.moves());
    }

    /** Writes living messages again, and how their units are; not yet durable when it returns. */
    void move(Collection<Work.Move> moves) throws IOException, SQLException {
        for (Work.Move move : moves) {
            Optional<Location> at = writer.find(move.id());
            if (at.filter(move.from()::equals).isPresent()) {
                long record = segment.append(move.segmentRecord());
                Location moved = at.get().at(segment.number(), record);
                writer.move(move.id(), at.get(), moved);
                carryUnits(move.id(), moved, unit -> unit.state() != UnitState.QUEUED);
            }
        }
    }

    /**
     * Says again what the emptied segment said. A carried record stands behind later ones, so of a message that lives it says
     * how its units are now, and of one that is settled only what was the end of a unit: an earlier word, such as that a unit
     * is quarantined, would take back its release.
     */
    private void carry(Outcome outcome) throws IOException, SQLException {
        Optional<Location> at = writer.find(outcome.id());
        if (outcome.kind() == Outcome.Kind.ABANDONED) {
            segment.append(outcome.segmentRecord());
        } else if (at.isPresent()) {
            Set<Integer> spokenOf =
                    outcome.units().stream().map(UnitChange::number).collect(Collectors.toSet());
            carryUnits(outcome.id(), at.get(), unit -> spokenOf.contains(unit.number()));
        } else {
            Outcome ends = outcome.ends();
            if (!ends.units().isEmpty()) {
                segment.append(ends.segmentRecord());
            }
        }
    }

    private void carryUnits(QueueId id, Location at, Predicate<UnitChange> which) throws IOException, SQLException {
        List<UnitChange> units = writer.units(id).stream().filter(which).toList();
        if (!units.isEmpty()) {
            segment.append(new Outcome(id, Outcome.Kind.CARRIED, at.since(), at.segment(), units).segmentRecord());
        }
    }
}
