package org.understudy.spool.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.understudy.spool.SpoolFinding;

/**
 * Compares the records of one segment with what the index says of it. Finds what is damaged; which messages are lost by it, if
 * any, is asked afterwards, because they may be settled or elsewhere by then. Confined to one thread.
 */
final class SegmentExamination implements SegmentScanner.Visitor {
    private final long segment;
    private final String name;
    private final LivingRecords living;
    private final UnaccountedMessages unaccounted;
    private final Tally tally;
    private final Consumer<SpoolFinding> findings;
    private final List<Gap> gaps = new ArrayList<>();

    SegmentExamination(
            long segment,
            LivingRecords living,
            UnaccountedMessages unaccounted,
            Tally tally,
            Consumer<SpoolFinding> findings) {
        this.segment = segment;
        this.name = name(segment);
        this.living = living;
        this.unaccounted = unaccounted;
        this.tally = tally;
        this.findings = findings;
    }

    /** Octets that are no record. */
    private record Gap(long from, long to, boolean atTheEnd) {}

    /** How a segment is called in findings. */
    static String name(long segment) {
        return String.format("segments/%012d.seg", segment);
    }

    @Override
    public void whole(byte type, long position, byte[] payload) {
        tally.records++;
        tally.bytes += Segment.RECORD_HEADER_BYTES + payload.length;
        try {
            switch (type) {
                case SegmentRecord.MESSAGE -> compare(MessageRecord.decodeSmall(segment, position, payload));
                case SegmentRecord.LARGE -> compare(MessageRecord.decodeLarge(segment, position, payload));
                case SegmentRecord.OUTCOME -> unaccounted.learn(Outcome.decode(payload));
                case SegmentRecord.LEDGER -> Ledger.decode(payload);
                default -> throw new IOException("a record of unknown type " + type);
            }
        } catch (IOException e) {
            gaps.add(new Gap(position, position + payload.length, false));
        }
    }

    private void compare(IndexEntry entry) {
        int at = living.at(entry.location().record());
        if (at < 0) {
            tally.settled++;
            unaccounted.seen(
                    QueueIds.number(entry.stored().id()),
                    entry.stored().envelope().recipients().size(),
                    segment);
            return;
        }
        living.found(at);
        String difference = living.difference(at, entry);
        if (difference.isEmpty()) {
            tally.messages++;
        } else {
            findings.accept(SpoolFinding.fault(
                    "index.db, message " + QueueIds.id(living.id(at)),
                    "the index does not fit " + name + " at " + entry.location().record() + ": " + difference,
                    Remedies.REBUILD));
        }
    }

    @Override
    public void damaged(long position, byte[] octets) {
        tally.bytes += octets.length;
        gaps.add(new Gap(position, position + octets.length, false));
    }

    @Override
    public void torn(long position, byte[] octets) {
        tally.bytes += octets.length;
        gaps.add(new Gap(position, position + octets.length, true));
    }

    /**
     * How far the index has taken a segment in, if that is not the whole of it.
     *
     * @param to up to here
     */
    record Indexed(long to) {}

    /**
     * Reports what cannot be read.
     *
     * @param end where the last whole record ends
     */
    void reportGaps(long end, Optional<Indexed> indexed) {
        // Up to there all was in the file before the index said so: whatever is missing was lost since.
        indexed.ifPresent(known -> {
            gaps.removeIf(gap -> gap.atTheEnd);
            if (end < known.to) {
                gaps.add(new Gap(Math.max(end, Segment.HEADER_BYTES), known.to, false));
            }
        });
        for (Gap gap : gaps) {
            boolean alive = living.anyWithin(gap.from, gap.to);
            String where = name + " at " + gap.from;
            String what = (gap.to - gap.from) + " octets cannot be read";
            if (alive) {
                findings.accept(
                        SpoolFinding.fault(where, what + "; messages that wait for delivery lie there", Remedies.DISK));
            } else if (!gap.atTheEnd) {
                findings.accept(SpoolFinding.warning(
                        where, what + "; no message that waits for delivery lies there", Remedies.DISK));
            }
            // An unreadable end of an older segment was being written when the process or the disk failed: never
            // answered 250.
        }
    }
}
