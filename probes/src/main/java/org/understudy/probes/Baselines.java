package org.understudy.probes;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.smtp.DomainName;

/** What was last taken to be normal for a domain, so that a change can be told. Thread-safe. */
public interface Baselines {

    /**
     * The MX records that count as normal, and those that have taken their place.
     *
     * @param records the normal set
     * @param since when it became that
     * @param successor another set that is seen now; equal to {@code records} if none is
     * @param successorSince since when that is seen
     */
    record Baseline(String records, Instant since, String successor, Instant successorSince) {}

    Optional<Baseline> find(DomainName domain);

    void keep(DomainName domain, Baseline baseline);

    /** Forgets everything when the process ends. */
    static Baselines inMemory() {
        Map<DomainName, Baseline> kept = new ConcurrentHashMap<>();
        return new Baselines() {
            @Override
            public Optional<Baseline> find(DomainName domain) {
                return Optional.ofNullable(kept.get(domain));
            }

            @Override
            public void keep(DomainName domain, Baseline baseline) {
                kept.put(domain, baseline);
            }
        };
    }
}
