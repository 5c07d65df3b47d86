package org.understudy.spool.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.QueueId;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.storage.IndexEntry.Location;

/** Brings the records of the segments into the index, and sets aside what cannot be read. Confined to one thread. */
final class RecoveryVisitor implements SegmentScanner.Visitor {
    private static final Logger LOG = LoggerFactory.getLogger(RecoveryVisitor.class);
    /** Each transaction costs a sync, and a rebuild may have a million records. */
    private static final int RECORDS_PER_TRANSACTION = 2_000;

    /** Only walks from record to record. */
    static final SegmentScanner.Visitor COUNTING = new SegmentScanner.Visitor() {
        @Override
        public void whole(byte type, long position, byte[] payload) {}

        @Override
        public void damaged(long position, byte[] octets) {}

        @Override
        public void torn(long position, byte[] octets) {}
    };

    private final IndexWriter index;
    private final Path corrupt;
    private final boolean rebuilding;
    private final Set<QueueId> largeSeen = new HashSet<>();
    private long segment;
    private long position;
    private int uncommitted;

    RecoveryVisitor(IndexWriter index, Path corrupt, IndexWriter.Mark mark) {
        this.index = index;
        this.corrupt = corrupt;
        this.rebuilding = mark.rebuilding();
        this.segment = mark.segment();
        this.position = mark.position();
    }

    void begin(long number, long from) {
        segment = number;
        position = from;
    }

    /** Makes durable what was brought in. */
    void commit() throws SQLException {
        index.commit(segment, position);
        index.begin();
        uncommitted = 0;
    }

    /** True if a record of this large message was seen. */
    boolean hasSeen(QueueId large) {
        return largeSeen.contains(large);
    }

    @Override
    public void whole(byte type, long payloadAt, byte[] payload) throws IOException {
        try {
            take(type, payloadAt, payload);
        } catch (SQLException e) {
            throw new RecoveryFailedException(e);
        } catch (IOException e) {
            LOG.error("segment {} at {}: {}", segment, payloadAt, e.getMessage());
            damaged(payloadAt, payload);
        }
        position = payloadAt + payload.length;
        uncommitted++;
        if (uncommitted >= RECORDS_PER_TRANSACTION) {
            try {
                commit();
            } catch (SQLException e) {
                throw new RecoveryFailedException(e);
            }
        }
    }

    private void take(byte type, long payloadAt, byte[] payload) throws IOException, SQLException {
        switch (type) {
            case SegmentRecord.MESSAGE -> accept(MessageRecord.decodeSmall(segment, payloadAt, payload));
            case SegmentRecord.LARGE -> {
                IndexEntry entry = MessageRecord.decodeLarge(segment, payloadAt, payload);
                largeSeen.add(entry.stored().id());
                accept(entry);
            }
            case SegmentRecord.OUTCOME -> settle(Outcome.decode(payload));
            case SegmentRecord.LEDGER -> ledger(Ledger.decode(payload));
            default -> throw new IOException("record type " + type);
        }
    }

    private void accept(IndexEntry entry) throws SQLException {
        QueueId id = entry.stored().id();
        Optional<Location> known = index.find(id);
        if (known.isEmpty()) {
            index.insert(List.of(entry));
        } else if (known.get().segment() != entry.location().segment()) {
            // The later copy counts: the segment of the earlier one was about to be deleted.
            index.move(
                    id,
                    known.get(),
                    known.get().at(entry.location().segment(), entry.location().record()));
        }
    }

    private void settle(Outcome outcome) throws SQLException {
        if (outcome.kind() == Outcome.Kind.ABANDONED) {
            index.forget(outcome.id());
        } else if (index.contains(outcome.id())) {
            index.apply(new Change(outcome.id(), outcome.units()), outcome.kind() == Outcome.Kind.SETTLED);
        } else if (rebuilding && outcome.kind() == Outcome.Kind.SETTLED) {
            // Its message went with an older segment, but was settled after the newest ledger.
            outcome.units().stream()
                    .map(UnitChange::state)
                    .filter(UnitState::isTerminal)
                    .forEach(index::count);
        }
    }

    private void ledger(Ledger ledger) throws SQLException {
        if (rebuilding) {
            index.adopt(ledger);
        } else {
            index.raise(ledger);
        }
    }

    @Override
    public void damaged(long at, byte[] octets) throws IOException {
        Path kept = keep(at, octets);
        LOG.error("segment {} is damaged at {}; {} octets were copied to {}", segment, at, octets.length, kept);
    }

    @Override
    public void torn(long at, byte[] octets) throws IOException {
        if (rebuilding) {
            // Without the index nobody can tell the end of the last write from damage to what was acknowledged.
            Path kept = keep(at, octets);
            LOG.warn("segment {} ends unreadably at {}; {} octets were copied to {}", segment, at, octets.length, kept);
        } else {
            LOG.info("segment {} ends in {} octets that were never acknowledged", segment, octets.length);
        }
    }

    private Path keep(long at, byte[] octets) throws IOException {
        Path kept = corrupt.resolve(segment + "-" + at + ".bin");
        Files.deleteIfExists(kept);
        Files.createFile(kept, StoreDirectory.PRIVATE_FILE);
        Files.write(kept, octets);
        return kept;
    }

    /** The index failed in the middle of a segment; carries the reason through the scanner. */
    static final class RecoveryFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RecoveryFailedException(SQLException cause) {
            super(cause);
        }
    }
}
