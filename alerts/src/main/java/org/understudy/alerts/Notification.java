package org.understudy.alerts;

import java.time.Instant;

/**
 * What a channel is to tell people.
 *
 * <p>The pair of incident and sequence names it: it stays the same when delivery is tried again.
 *
 * @param sequence place among what this channel was sent about this incident, from 0; RESOLVED with 0 means that people
 *     were never told that it fired
 * @param alert as it was when the notification was decided
 * @param agent name of the agent that sends it
 * @param at when it was decided
 */
public record Notification(NotifyReason reason, int sequence, Alert alert, String agent, Instant at) {

    public String incident() {
        return alert.incident();
    }
}
