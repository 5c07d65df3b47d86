package org.understudy.alerts;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One episode of trouble, from the first bad report to the last.
 *
 * @param incident names this episode; trouble that comes back has the same key and another incident
 * @param source who reported it
 * @param severity as reported last
 * @param since first bad report
 * @param firedAt when it became certain; empty while PENDING
 * @param resolvedAt when it was over; empty before
 * @param lastSeen latest bad report
 * @param badReports in this episode, in a row while PENDING
 * @param goodReports in a row since {@code lastSeen}
 * @param toldAt when people were last to be told; empty while PENDING
 * @param toldSeverity the severity that counts as told: to go above it is to escalate
 * @param signal latest
 * @param closing why it was ended by something else than good reports; mostly empty
 */
public record Alert(
        String incident,
        String source,
        AlertState state,
        Severity severity,
        Instant since,
        Optional<Instant> firedAt,
        Optional<Instant> resolvedAt,
        Instant lastSeen,
        int badReports,
        int goodReports,
        Optional<Instant> toldAt,
        Severity toldSeverity,
        Signal signal,
        String closing) {

    public AlertKey key() {
        return signal.key();
    }

    /** How long it lasted from the first bad report until it was resolved, or until now; never negative. */
    public Duration lasted(Instant now) {
        Duration lasted = Duration.between(since, resolvedAt.orElse(now));
        return lasted.isNegative() ? Duration.ZERO : lasted;
    }
}
