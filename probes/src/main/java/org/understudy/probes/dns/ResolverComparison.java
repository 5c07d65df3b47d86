package org.understudy.probes.dns;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.smtp.DomainName;

/**
 * Compares what resolvers say with what the authoritative servers say. A resolver may keep an old answer for its time to
 * live; only what lasts longer is a view of its own. Thread-safe.
 */
final class ResolverComparison {
    private static final Duration PROPAGATION = Duration.ofMinutes(15);

    private final DomainName domain;
    private final Clock clock;
    private final Map<InetSocketAddress, Instant> differsSince = new ConcurrentHashMap<>();

    ResolverComparison(DomainName domain, Clock clock) {
        this.domain = domain;
        this.clock = clock;
    }

    /**
     * What one resolver has that no authoritative server has, for longer than it may.
     *
     * @param views of the authoritative servers
     */
    Optional<Finding> look(InetSocketAddress resolver, MxView seen, List<MxView> views) {
        if (!seen.answer().isConclusive() || views.isEmpty()) {
            return Optional.empty();
        }
        if (views.stream().anyMatch(v -> v.set().equals(seen.set()))) {
            differsSince.remove(resolver);
            return Optional.empty();
        }
        Instant now = clock.instant();
        Instant since = differsSince.computeIfAbsent(resolver, r -> now);
        if (!since.plus(longestLife(seen, views)).isBefore(now)) {
            return Optional.empty();
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put(seen.server(), seen.zoneLines(domain));
        views.forEach(v -> evidence.put(v.server(), v.zoneLines(domain)));
        return Optional.of(Finding.of(
                FindingType.RESOLVER_VIEW_DIFFERS,
                seen.server(),
                "The " + seen.server() + " gives MX records of " + domain + " that no authoritative server has, since "
                        + since,
                evidence));
    }

    /** At least a quarter of an hour: so long may a new zone be on its way to its servers, or an absence be kept. */
    private static Duration longestLife(MxView seen, List<MxView> views) {
        long longest = Math.max(
                PROPAGATION.toSeconds(),
                seen.records().stream().mapToLong(MxView.Mx::ttl).max().orElse(0));
        for (MxView view : views) {
            longest = Math.max(
                    longest,
                    view.records().stream().mapToLong(MxView.Mx::ttl).max().orElse(0));
        }
        return Duration.ofSeconds(longest);
    }
}
