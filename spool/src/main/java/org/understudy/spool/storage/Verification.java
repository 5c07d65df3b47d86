package org.understudy.spool.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.SpoolException;
import org.understudy.spool.SpoolFinding;
import org.understudy.spool.VerifiedCounts;
import org.understudy.spool.storage.IndexEntry.Location;
import org.understudy.spool.storage.SegmentExamination.Indexed;

/**
 * Reads everything in a spool's directory and compares it: segments, large files, index. Changes nothing and locks nothing, so
 * that a store may run beside it. What a running store changes meanwhile looks like a fault for a moment; so whatever is
 * missing is looked for a second time before it is reported. Memory grows with one segment and with what is settled and not yet
 * cleaned up, by some twenty octets a message. Confined to one thread; used once.
 */
public final class Verification {
    /** The position behind a segment that was read to its end. */
    private static final long WHOLE = Long.MAX_VALUE;

    private final StoreDirectory directory;
    private final Consumer<SpoolFinding> findings;
    private final Tally tally = new Tally();
    private final UnaccountedMessages unaccounted = new UnaccountedMessages();
    /** How far the segments have been looked at. */
    private long segment;

    private long position;

    private Verification(StoreDirectory directory, Consumer<SpoolFinding> findings) {
        this.directory = directory;
        this.findings = findings;
    }

    /**
     * Verifies a spool.
     *
     * @param findings is given each warning and fault as soon as it is certain
     * @throws SpoolException if there is no spool, or it cannot be read
     */
    public static VerifiedCounts run(Path root, Consumer<SpoolFinding> findings) {
        StoreDirectory directory = StoreDirectory.look(root);
        try {
            return new Verification(directory, findings).verify();
        } catch (IOException | SQLException e) {
            throw new SpoolException("The spool directory " + root + " cannot be read: " + e.getMessage(), e);
        }
    }

    private VerifiedCounts verify() throws IOException, SQLException {
        tally.running = StoreLock.holder(directory.lock()).isPresent();
        DirectoryExamination files = new DirectoryExamination(directory, findings);
        files.permissions();
        files.leftovers();
        try (ReadOnlyIndex index = openIndex()) {
            if (index == null) {
                segmentsAlone();
            } else {
                verify(index);
                index.requireUndisturbed();
            }
        }
        return tally.counts();
    }

    private void verify(ReadOnlyIndex index) throws IOException, SQLException {
        IndexExamination examination = new IndexExamination(index, findings);
        if (!examination.isReadable()) {
            segmentsAlone();
            return;
        }
        tally.ledger = examination.ledger();
        StoredMessages messages = new StoredMessages(directory, index.reader());
        segments(index, messages);
        reportUnaccounted(index, messages);
        tally.notYetIndexed = notYetIndexed();
        new LargeFileExamination(directory, index, messages, tally, findings).run();
    }

    private @Nullable ReadOnlyIndex openIndex() throws IOException, SQLException {
        try {
            return ReadOnlyIndex.open(directory.index());
        } catch (NoSuchFileException e) {
            findings.accept(SpoolFinding.warning(
                    "index.db",
                    "there is no index",
                    "Nothing is to be done: the next start of the agent makes it from the segments."));
        } catch (DamagedIndexException e) {
            findings.accept(
                    SpoolFinding.fault("index.db", "the index is damaged: " + e.getMessage(), Remedies.REBUILD));
        }
        return null;
    }

    /** Without an index only the segments themselves can be looked at. */
    private void segmentsAlone() throws IOException {
        for (long number : Segments.numbers(directory.segments())) {
            examine(number, LivingRecords.none(), Optional.empty());
        }
    }

    /** Looks at what lies between where the last look ended and where the index is now. */
    private void segments(ReadOnlyIndex index, StoredMessages messages) throws IOException, SQLException {
        for (OptionalLong next = next(index); next.isPresent(); next = next(index)) {
            ReadOnlyIndex.View view = index.view(next.getAsLong());
            long head = view.progress().segment();
            if (next.getAsLong() > head) {
                return;
            }
            Optional<Indexed> indexed = next.getAsLong() == head
                    ? Optional.of(new Indexed(view.progress().position()))
                    : Optional.empty();
            position = next.getAsLong() == segment ? position : 0;
            segment = next.getAsLong();
            examine(segment, view.living(), indexed);
            reportMissing(view.living(), messages);
            position = indexed.map(Indexed::to).orElse(WHOLE);
            if (indexed.isPresent()) {
                return;
            }
        }
    }

    private OptionalLong next(ReadOnlyIndex index) throws IOException, SQLException {
        long from = position == WHOLE ? segment + 1 : segment;
        OptionalLong stored = Segments.numbers(directory.segments()).stream()
                .mapToLong(Long::longValue)
                .filter(n -> n >= from)
                .findFirst();
        OptionalLong known = index.segmentAfter(from - 1);
        return stored.isPresent() && known.isPresent()
                ? OptionalLong.of(Math.min(stored.getAsLong(), known.getAsLong()))
                : stored.isPresent() ? stored : known;
    }

    private void examine(long number, LivingRecords living, Optional<Indexed> indexed) throws IOException {
        SegmentExamination examination = new SegmentExamination(number, living, unaccounted, tally, findings);
        Path file = Segment.file(directory.segments(), number);
        try {
            long end =
                    SegmentScanner.scan(file, position, indexed.map(Indexed::to).orElse(WHOLE), examination);
            tally.segments += position == 0 ? 1 : 0;
            examination.reportGaps(end, indexed);
        } catch (FileNotFoundException | NoSuchFileException e) {
            if (Files.exists(file)) {
                throw e;
            }
            // Emptied and deleted since it was listed, or lost: then its messages are missing.
        } catch (IOException | SpoolException e) {
            findings.accept(SpoolFinding.fault(
                    SegmentExamination.name(number), "it cannot be read: " + e.getMessage(), Remedies.DISK));
        }
    }

    private void reportMissing(LivingRecords living, StoredMessages messages) throws IOException {
        for (int i = living.missing(0, position); i >= 0; i = living.missing(i + 1, position)) {
            QueueId id = QueueIds.id(living.id(i));
            Optional<Location> now = messages.locate(id);
            if (now.isEmpty()) {
                continue;
            }
            try {
                messages.follow(id, now.get(), (file, at) -> requireRecord(id, at));
            } catch (IOException e) {
                messages.locate(id).ifPresent(at -> reportMissing(id, at, e));
            }
        }
    }

    private void reportMissing(QueueId id, Location at, IOException why) {
        String where = SegmentExamination.name(at.segment()) + " at " + at.record();
        String what = why instanceof NoSuchFileException ? "its segment is gone" : String.valueOf(why.getMessage());
        findings.accept(SpoolFinding.fault(where, "the message " + id + " cannot be read: " + what, Remedies.LOST));
    }

    /** Looks at the one record of a message, wherever it is by now. */
    private boolean requireRecord(QueueId id, Location at) throws IOException {
        Path file = Segment.file(directory.segments(), at.segment());
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        long begin = at.record() - Segment.RECORD_HEADER_BYTES;
        RecordCheck check = new RecordCheck(id, at);
        SegmentScanner.scan(file, begin, begin + at.recordBytes(), check);
        if (!check.isSound()) {
            throw new IOException("its record is damaged or missing");
        }
        return true;
    }

    private void reportUnaccounted(ReadOnlyIndex index, StoredMessages messages) throws IOException, SQLException {
        forgetExplained(messages);
        if (!unaccounted.isEmpty()) {
            // An outcome may have been carried to the end, out of a segment that was emptied before it was looked at.
            segments(index, messages);
            forgetExplained(messages);
        }
        boolean complete = !index.progress().rebuilding();
        boolean lost = !tally.ledger.map(QueueCounts::isBalanced).orElse(false);
        unaccounted.removeIf((id, in) -> {
            String where = SegmentExamination.name(in);
            String message = "the message " + QueueIds.id(id);
            if (complete && lost) {
                findings.accept(SpoolFinding.fault(
                        where, message + " is not in the index, and no outcome says why", Remedies.REBUILD));
            } else if (complete) {
                // Its outcome stands where nothing can be read, or was being written when process or machine ended.
                findings.accept(SpoolFinding.warning(
                        where,
                        message + " is settled, but only the index knows it",
                        "Keep the index: one made anew would send the message a second time."));
            }
            return true;
        });
    }

    private void forgetExplained(StoredMessages messages) {
        unaccounted.removeIf((id, in) ->
                messages.locate(QueueIds.id(id)).isPresent() || !Files.exists(Segment.file(directory.segments(), in)));
    }

    /** How many messages lie behind what the index has taken in. */
    private long notYetIndexed() throws IOException {
        MessageCount count = new MessageCount();
        for (long number : Segments.numbers(directory.segments())) {
            boolean isHead = number == segment && position != WHOLE;
            if (isHead || number > segment) {
                count.scan(Segment.file(directory.segments(), number), isHead ? position : 0);
            }
        }
        return count.messages;
    }

    private static final class MessageCount implements SegmentScanner.Visitor {
        private long messages;

        void scan(Path file, long from) {
            try {
                SegmentScanner.scan(file, from, this);
            } catch (IOException | SpoolException e) {
                // A segment that is being begun, or one that was reported already.
            }
        }

        @Override
        public void whole(byte type, long at, byte[] payload) {
            messages += type == SegmentRecord.MESSAGE || type == SegmentRecord.LARGE ? 1 : 0;
        }

        @Override
        public void damaged(long at, byte[] octets) {}

        @Override
        public void torn(long at, byte[] octets) {}
    }
}
