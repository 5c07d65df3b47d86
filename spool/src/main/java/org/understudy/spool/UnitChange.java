package org.understudy.spool;

import java.time.Instant;

/**
 * What an attempt, or an operator, did to one unit.
 *
 * @param number as in {@link Unit#number()}
 * @param state the new state
 * @param nextAttempt when it is due again, if it stays queued
 * @param reply the next hop's words, or why there were none
 * @param remoteId the id the next hop gave it, or empty text
 * @param attempted true if the unit was offered to its next hop, which counts as an attempt
 */
public record UnitChange(
        int number, UnitState state, Instant nextAttempt, String reply, String remoteId, boolean attempted) {

    /** What an attempt did. */
    public UnitChange(int number, UnitState state, Instant nextAttempt, String reply, String remoteId) {
        this(number, state, nextAttempt, reply, remoteId, true);
    }

    /** The same, but what was refused for good is thrown away. */
    public UnitChange discardedIfRefused() {
        return state == UnitState.QUARANTINED
                ? new UnitChange(number, UnitState.DISCARDED, nextAttempt, reply, remoteId, attempted)
                : this;
    }

    /** What is done without an attempt. */
    public static UnitChange withoutAttempt(int number, UnitState state, Instant nextAttempt, String words) {
        return new UnitChange(number, state, nextAttempt, words, "", false);
    }
}
