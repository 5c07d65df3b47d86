package org.understudy.probes.dns;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Severity;

/** Compares times to live with the time in which senders should follow a change. Stateless apart from that. */
final class TtlJudge {
    /** Below this a short outage of the name servers takes the records out of every cache. */
    private static final Duration SHORT = Duration.ofMinutes(5);

    private final Duration recoveryObjective;

    TtlJudge(Duration recoveryObjective) {
        this.recoveryObjective = recoveryObjective;
    }

    /**
     * Judges one record set.
     *
     * @param subject what the records are, for example {@code mx1.example.org A}
     * @param ttls in seconds, as the authoritative servers give them
     * @param evidence the records
     */
    Optional<Finding> judge(String subject, Collection<Long> ttls, Map<String, String> evidence) {
        if (ttls.isEmpty()) {
            return Optional.empty();
        }
        long longest = ttls.stream().mapToLong(Long::longValue).max().orElseThrow();
        long shortest = ttls.stream().mapToLong(Long::longValue).min().orElseThrow();
        if (longest > recoveryObjective.toSeconds()) {
            return Optional.of(Finding.of(
                            FindingType.MX_TTL_UNSUITABLE,
                            subject,
                            "The records " + subject + " live for " + longest + " s: a change reaches the last sender"
                                    + " later than after " + recoveryObjective.toSeconds() + " s",
                            evidence)
                    .withSeverity(Severity.WARNING));
        }
        // Who wants to be quicker than that has to have a lower one.
        if (shortest < Math.min(SHORT.toSeconds(), recoveryObjective.toSeconds())) {
            return Optional.of(Finding.of(
                    FindingType.MX_TTL_UNSUITABLE,
                    subject,
                    "The records " + subject + " live for only " + shortest
                            + " s: they vanish with the first outage of the name servers",
                    evidence));
        }
        return Optional.empty();
    }
}
