package org.understudy.spool.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.understudy.spool.UnitState;
import org.understudy.spool.storage.IndexEntry.Location;

/** How values stand in the index. Stateless. */
final class IndexCodes {
    /** The index shrinks when at least one page of so many is free. */
    static final int FREE_SHARE = 8;

    /** A condition: the unit is not settled. */
    static final String OPEN = "state NOT IN " + codes(UnitState::isTerminal);
    /** A condition, the one of the index of what is set aside. */
    static final String SET_ASIDE = "state IN " + codes(UnitState::isSetAside);

    /** A condition, the one of the index of what was tried and is to be tried again. */
    static final String DEFERRED = "state = 0 AND next_attempt > 0";

    /** Conditions that together are {@link #OPEN}; each is that of a partial index, which is read then and no table. */
    static final List<String> OPEN_PARTS = List.of("state = 0 AND next_attempt = 0", DEFERRED, SET_ASIDE);

    private IndexCodes() {}

    private static String codes(Predicate<UnitState> which) {
        return Stream.of(UnitState.values())
                .filter(which)
                .map(state -> Integer.toString(of(state)))
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** A number that never changes; the partial indexes of the schema know it. */
    static int of(UnitState state) {
        return switch (state) {
            case QUEUED -> 0;
            case FORWARDED -> 1;
            case QUARANTINED -> 2;
            case HELD -> 3;
            case EXPIRED -> 4;
            case DISCARDED -> 5;
            case RETURNED -> 6;
        };
    }

    static UnitState state(int code) throws SQLException {
        return switch (code) {
            case 0 -> UnitState.QUEUED;
            case 1 -> UnitState.FORWARDED;
            case 2 -> UnitState.QUARANTINED;
            case 3 -> UnitState.HELD;
            case 4 -> UnitState.EXPIRED;
            case 5 -> UnitState.DISCARDED;
            case 6 -> UnitState.RETURNED;
            default -> throw new SQLException("not a state: " + code);
        };
    }

    /** Of {@link #location}. */
    static final String LOCATION = "size, crc, segment, since, record, envelope, large";

    /** From a row of {@link #LOCATION}. */
    static Location location(ResultSet row) throws SQLException {
        return new Location(
                row.getLong(1),
                row.getInt(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getInt(6),
                row.getBoolean(7));
    }
}
