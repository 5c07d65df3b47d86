package org.understudy.spool;

import java.time.Instant;

/**
 * What an attempt did to one unit.
 *
 * @param number as in {@link Unit#number()}
 * @param state the new state
 * @param nextAttempt when it is due again, if it stays queued
 * @param reply the next hop's words, or why there were none
 * @param remoteId the id the next hop gave it, or empty text
 */
public record UnitChange(int number, UnitState state, Instant nextAttempt, String reply, String remoteId) {}
