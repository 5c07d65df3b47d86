package org.understudy.probes.policy;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.understudy.probes.Baselines;
import org.understudy.probes.Baselines.Baseline;
import org.understudy.smtp.DomainName;

/**
 * What id and policy were last seen together. Senders fetch a policy anew only when the id changes (RFC 8461 section 3.1), so a
 * policy that changed under the same id is one that they do not know. Kept under the name of the TXT record.
 */
final class StsHistory {
    private final DomainName name;
    private final Baselines baselines;
    private final Clock clock;

    StsHistory(DomainName name, Baselines baselines, Clock clock) {
        this.name = name;
        this.baselines = baselines;
        this.clock = clock;
    }

    /**
     * What became of a policy.
     *
     * @param since since when it is as it is
     * @param unannounced what it was under the same id; empty if it did not change
     */
    record Change(Instant since, Optional<String> unannounced) {}

    /** Compares what is seen now with what was, and remembers it. */
    Change look(String id, StsPolicy policy) {
        Instant now = clock.instant();
        String seen = id + " " + policy.meaning();
        Optional<Baseline> known = baselines.find(name);
        boolean sameId = known.filter(b -> b.records().startsWith(id + " ")).isPresent();
        if (known.isEmpty() || !sameId) {
            baselines.keep(name, new Baseline(seen, now, seen, now));
            return new Change(now, Optional.empty());
        }
        Baseline old = known.get();
        if (old.records().equals(seen)) {
            if (!old.successor().equals(seen)) {
                baselines.keep(name, new Baseline(seen, old.since(), seen, old.since()));
            }
            return new Change(old.since(), Optional.empty());
        }
        Instant since = old.successor().equals(seen) ? old.successorSince() : now;
        baselines.keep(name, new Baseline(old.records(), old.since(), seen, since));
        return new Change(since, Optional.of(meaning(old)));
    }

    /** The policy that senders may still have. */
    Optional<StsPolicy> last() {
        return baselines.find(name).flatMap(b -> StsPolicy.ofMeaning(meaning(b)));
    }

    private static String meaning(Baseline baseline) {
        return baseline.records().substring(baseline.records().indexOf(' ') + 1);
    }
}
