package org.understudy.probes.dns;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Baselines;
import org.understudy.probes.Baselines.Baseline;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Severity;

/**
 * Tells when the MX records change. A change is shown for a day, with old and new; what has stood so long is taken to be
 * meant. Thread-safe.
 */
final class MxDrift {
    private static final Duration SHOWN = Duration.ofDays(1);

    private final MailDomain domain;
    private final Baselines baselines;
    private final Clock clock;

    MxDrift(MailDomain domain, Baselines baselines, Clock clock) {
        this.domain = domain;
        this.baselines = baselines;
        this.clock = clock;
    }

    /** Compares a set on which all servers agree with the one before. */
    Optional<Finding> look(MxView now) {
        Instant time = clock.instant();
        String set = now.set();
        Optional<Baseline> kept = baselines.find(domain.name());
        if (kept.isEmpty() || kept.get().records().equals(set)) {
            if (kept.filter(b -> b.successor().equals(set)).isEmpty()) {
                Instant since = kept.map(Baseline::since).orElse(time);
                baselines.keep(domain.name(), new Baseline(set, since, set, since));
            }
            return Optional.empty();
        }
        Baseline old = kept.get();
        Instant since = old.successor().equals(set) ? old.successorSince() : time;
        if (!since.plus(SHOWN).isAfter(time)) {
            baselines.keep(domain.name(), new Baseline(set, since, set, since));
            return Optional.empty();
        }
        if (!since.equals(old.successorSince())) {
            baselines.keep(domain.name(), new Baseline(old.records(), old.since(), set, since));
        }
        return Optional.of(finding(now, old, since));
    }

    private Finding finding(MxView now, Baseline old, Instant since) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("before, since " + old.since(), old.records().isEmpty() ? "no MX record" : old.records());
        evidence.put("now, since " + since, now.records().isEmpty() ? "no MX record" : now.set());
        return Finding.of(
                        FindingType.MX_RRSET_CHANGED,
                        domain.name().text(),
                        "The MX records of " + domain.name() + " changed from " + evidenceText(old.records()) + " to "
                                + evidenceText(now.set()),
                        evidence)
                .withSeverity(isTakenOver(now, old) ? Severity.CRITICAL : Severity.INFO)
                .withFix(DeclaredZone.lines(domain));
    }

    private static String evidenceText(String set) {
        return set.isEmpty() ? "none" : set;
    }

    /** True if a host that was not there before and is not declared is now tried first. */
    private boolean isTakenOver(MxView now, Baseline old) {
        if (now.records().isEmpty()) {
            return false;
        }
        int best = now.records().get(0).preference();
        return now.records().stream()
                .filter(mx -> mx.preference() == best && !mx.isNull())
                .anyMatch(mx -> !(", " + old.records() + ",").contains(" " + mx.target() + ".,")
                        && domain.exchangers().stream()
                                .noneMatch(e -> e.host().text().equals(mx.target())));
    }
}
