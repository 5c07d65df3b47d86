package org.understudy.spool;

import java.util.List;

/**
 * What came of an order to the queue.
 *
 * @param messages messages with a unit that was changed
 * @param units units that were changed
 * @param busy messages that were being handed on just then and were left alone: order again
 * @param missing messages that are not in the spool, or not any more
 * @param refused messages with which it must not be done
 */
public record OrderResult(long messages, long units, List<QueueId> busy, List<QueueId> missing, List<Refusal> refused) {
    public OrderResult {
        busy = List.copyOf(busy);
        missing = List.copyOf(missing);
        refused = List.copyOf(refused);
    }

    /** With nothing refused. */
    public OrderResult(long messages, long units, List<QueueId> busy, List<QueueId> missing) {
        this(messages, units, busy, missing, List.of());
    }

    /**
     * A message with which something must not be done.
     *
     * @param why in a few words
     */
    public record Refusal(QueueId id, String why) {}
}
