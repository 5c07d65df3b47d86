package org.understudy.agent.verdict;

import java.time.Instant;
import java.util.Optional;
import org.understudy.spool.LaneStatus;
import org.understudy.spool.QueueCounts.DomainQueue;

/**
 * Mail of a domain that the bundled spool holds.
 *
 * @param laneUp whether the spool takes the primary to be up; false also while it only suspects that it is not
 * @param laneSince since when
 * @param queued units waiting
 * @param order who has it held, and why, if somebody has
 */
public record HeldMail(
        boolean laneUp, Instant laneSince, long queued, Optional<Instant> oldestArrival, Optional<String> order) {

    /** As the spool says. */
    public static HeldMail of(LaneStatus lane, DomainQueue queue, Optional<String> order) {
        return new HeldMail(lane.state().takesMail(), lane.since(), queue.queued(), queue.oldestArrival(), order);
    }
}
