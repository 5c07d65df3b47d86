package org.understudy.spool;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The units that an order is for. Immutable.
 *
 * @param ids their messages; empty for all messages
 * @param filter which units of these
 */
public record QueueSelection(List<QueueId> ids, QueueFilter filter) {
    public QueueSelection {
        ids = List.copyOf(ids);
    }

    public static QueueSelection of(QueueId id) {
        return new QueueSelection(List.of(id), QueueFilter.ALL);
    }

    public static QueueSelection of(QueueFilter filter) {
        return new QueueSelection(List.of(), filter);
    }

    /** In words: ids, or the filter. */
    @Override
    public String toString() {
        String named = ids.stream().map(QueueId::text).collect(Collectors.joining(","));
        return Optional.of(named)
                .filter(text -> !text.isEmpty())
                .map(text -> filter.equals(QueueFilter.ALL) ? text : text + " " + filter)
                .orElseGet(filter::toString);
    }
}
