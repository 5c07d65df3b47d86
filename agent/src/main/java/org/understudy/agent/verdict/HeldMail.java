package org.understudy.agent.verdict;

import java.time.Instant;
import java.util.Optional;

/**
 * Mail of a domain that the bundled spool holds.
 *
 * @param laneUp whether the spool takes the primary to be up
 * @param laneSince since when
 * @param queued units waiting
 * @param order who has it held, and why, if somebody has
 */
public record HeldMail(
        boolean laneUp, Instant laneSince, long queued, Optional<Instant> oldestArrival, Optional<String> order) {}
