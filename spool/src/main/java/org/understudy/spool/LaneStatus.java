package org.understudy.spool;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.DomainName;

/**
 * A lane as seen from outside.
 *
 * @param nextHop name of the lane
 * @param since when the state began
 * @param lastError why it does not, or last did not, hand on mail, with the next hop's words
 * @param forwarded units handed on since start
 * @param lastForwarded when the last one was
 * @param ambiguous transactions since start whose final reply was lost: what was in them may arrive twice, and nothing else may
 */
public record LaneStatus(
        NextHop nextHop,
        List<DomainName> domains,
        LaneState state,
        Instant since,
        Optional<String> lastError,
        long forwarded,
        Optional<Instant> lastForwarded,
        long ambiguous) {}
