package org.understudy.spool.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The records of one segment that live, as the index has them, in the order in which they lie there. Columns instead of
 * objects: a segment may have hundreds of thousands. Confined to one thread.
 */
final class LivingRecords {
    private static final int FIRST_CAPACITY = 256;

    private int count;
    private long[] positions = new long[FIRST_CAPACITY];
    private long[] ids = new long[FIRST_CAPACITY];
    private long[] sizes = new long[FIRST_CAPACITY];
    private int[] crcs = new int[FIRST_CAPACITY];
    private int[] envelopes = new int[FIRST_CAPACITY];
    private int[] units = new int[FIRST_CAPACITY];
    private final BitSet large = new BitSet();
    private final BitSet found = new BitSet();

    static LivingRecords none() {
        return new LivingRecords();
    }

    /** From rows of id, record, size, crc, envelope, large and number of units, ordered by record. */
    static LivingRecords of(ResultSet rows) throws SQLException {
        LivingRecords records = new LivingRecords();
        while (rows.next()) {
            records.add(rows);
        }
        return records;
    }

    private void add(ResultSet row) throws SQLException {
        if (count == ids.length) {
            grow();
        }
        ids[count] = row.getLong(1);
        positions[count] = row.getLong(2);
        sizes[count] = row.getLong(3);
        crcs[count] = row.getInt(4);
        envelopes[count] = row.getInt(5);
        large.set(count, row.getBoolean(6));
        units[count] = row.getInt(7);
        count++;
    }

    private void grow() {
        int capacity = 2 * count;
        positions = Arrays.copyOf(positions, capacity);
        ids = Arrays.copyOf(ids, capacity);
        sizes = Arrays.copyOf(sizes, capacity);
        crcs = Arrays.copyOf(crcs, capacity);
        envelopes = Arrays.copyOf(envelopes, capacity);
        units = Arrays.copyOf(units, capacity);
    }

    int count() {
        return count;
    }

    /** The number of the record whose payload begins here; negative if none lives here. */
    int at(long position) {
        return Arrays.binarySearch(positions, 0, count, position);
    }

    /** Whether one lives at or behind a position and before another. */
    boolean anyWithin(long from, long to) {
        int at = at(from);
        int first = at < 0 ? -at - 1 : at;
        return first < count && positions[first] < to;
    }

    void found(int number) {
        found.set(number);
    }

    /** Says in which field the index and the record differ; empty if in none. */
    String difference(int number, IndexEntry entry) {
        IndexEntry.Location location = entry.location();
        if (ids[number] != QueueIds.number(entry.stored().id())) {
            return "the record there is of " + entry.stored().id();
        }
        if (sizes[number] != location.size()) {
            return "the record has " + location.size() + " octets of content, the index says " + sizes[number];
        }
        if (crcs[number] != location.crc()) {
            return "the checksum of the content is not the one in the index";
        }
        if (envelopes[number] != location.envelope() || large.get(number) != location.large()) {
            return "the record is laid out otherwise than the index says";
        }
        int recipients = entry.stored().envelope().recipients().size();
        if (units[number] != recipients) {
            return "the message has " + recipients + " recipients, and the index knows " + units[number];
        }
        return "";
    }

    long id(int number) {
        return ids[number];
    }

    /** The first one, from this number on, that lies at or behind a position and was not found; negative if there is none. */
    int missing(int from, long position) {
        for (int i = found.nextClearBit(from); i < count; i = found.nextClearBit(i + 1)) {
            if (positions[i] >= position) {
                return i;
            }
        }
        return -1;
    }
}
