package org.understudy.spool;

import java.util.Map;

/**
 * Recipients since start, of domains with a directory.
 *
 * @param known addresses that next hops are known to take
 * @param refused addresses that they are known to refuse
 * @param callouts answered or given up
 * @param calloutsFailed of these, those without an answer about the recipient
 * @param deferredWhileUp first contacts that were sent to the primary, which was up
 * @param acceptedWhileUp recipients that were accepted although the primary was up, by the reason
 */
public record RecipientCounts(
        long known,
        long refused,
        long callouts,
        long calloutsFailed,
        long deferredWhileUp,
        Map<OpenReason, Long> acceptedWhileUp) {
    public RecipientCounts {
        acceptedWhileUp = Map.copyOf(acceptedWhileUp);
    }
}
