package org.understudy.spool.storage;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.understudy.spool.UnitChange;

/**
 * Messages of which a record was seen that the index does not speak of, until outcomes say why. A table of numbers with open
 * addressing and not of objects, because right after an outage there may be a million. Confined to one thread.
 */
final class UnaccountedMessages {
    private static final int FIRST_CAPACITY = 1024;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private int count;
    private long[] ids = new long[FIRST_CAPACITY];
    private long[] openUnits = new long[FIRST_CAPACITY];
    private int[] segments = new int[FIRST_CAPACITY];
    /** Units of messages with more recipients than a number has bits. */
    private final Map<Long, BitSet> wide = new HashMap<>();

    /** Takes an interest in one message. */
    @FunctionalInterface
    interface Visitor {
        /** Returns true if the message is accounted for after all. */
        boolean visit(long id, long segment);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** A record of the message, with so many units, was seen; with an earlier one the units settled so far stay settled. */
    void seen(long id, int units, long segment) {
        int at = find(id);
        if (ids[at] == id) {
            segments[at] = Math.toIntExact(segment);
            return;
        }
        if (2 * (count + 1) > ids.length) {
            grow();
            at = find(id);
        }
        ids[at] = id;
        segments[at] = Math.toIntExact(segment);
        openUnits[at] = units >= Long.SIZE ? -1L : (1L << units) - 1;
        if (units > Long.SIZE) {
            BitSet open = new BitSet();
            open.set(0, units);
            wide.put(id, open);
        }
        count++;
    }

    /** What an outcome says about it, if it is one of these. */
    void learn(Outcome outcome) {
        long id = QueueIds.number(outcome.id());
        int at = find(id);
        if (ids[at] != id) {
            return;
        }
        if (outcome.kind() == Outcome.Kind.ABANDONED || close(at, outcome.units())) {
            remove(at);
        }
    }

    /** Returns true if no unit is open any more. */
    private boolean close(int at, List<UnitChange> units) {
        BitSet many = wide.get(ids[at]);
        for (UnitChange unit : units) {
            if (unit.state().isTerminal()) {
                if (many != null) {
                    many.clear(unit.number());
                } else {
                    openUnits[at] &= ~(1L << unit.number());
                }
            }
        }
        return many == null ? openUnits[at] == 0 : many.isEmpty();
    }

    /** Shows each message, and forgets those that are accounted for after all. */
    void removeIf(Visitor visitor) {
        for (int at = 0; at < ids.length; ) {
            if (ids[at] != 0 && visitor.visit(ids[at], segments[at])) {
                // Another one may have moved here.
                remove(at);
            } else {
                at++;
            }
        }
    }

    /** Where an id is, or where it would be. */
    private int find(long id) {
        int at = home(id);
        while (ids[at] != 0 && ids[at] != id) {
            at = next(at);
        }
        return at;
    }

    private int home(long id) {
        return (int) ((id * GOLDEN) >>> (Long.SIZE - Integer.numberOfTrailingZeros(ids.length)));
    }

    private int next(int at) {
        return (at + 1) & (ids.length - 1);
    }

    private void remove(int at) {
        wide.remove(ids[at]);
        count--;
        int hole = at;
        // What was pushed behind the hole by it moves up, or would not be found any more.
        for (int i = next(hole); ids[i] != 0; i = next(i)) {
            int wanted = home(ids[i]);
            boolean stays = hole < i ? (hole < wanted && wanted <= i) : (hole < wanted || wanted <= i);
            if (!stays) {
                put(hole, ids[i], openUnits[i], segments[i]);
                hole = i;
            }
        }
        put(hole, 0, 0, 0);
    }

    private void put(int at, long id, long open, int segment) {
        ids[at] = id;
        openUnits[at] = open;
        segments[at] = segment;
    }

    private void grow() {
        long[] oldIds = ids;
        long[] oldUnits = openUnits;
        int[] oldSegments = segments;
        ids = new long[2 * oldIds.length];
        openUnits = new long[2 * oldIds.length];
        segments = new int[2 * oldIds.length];
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != 0) {
                put(find(oldIds[i]), oldIds[i], oldUnits[i], oldSegments[i]);
            }
        }
    }
}
