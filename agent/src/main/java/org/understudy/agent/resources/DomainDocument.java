package org.understudy.agent.resources;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.agent.Watch;
import org.understudy.agent.verdict.DomainVerdict;
import org.understudy.agent.verdict.Evidence;
import org.understudy.agent.verdict.ExchangerView;
import org.understudy.agent.verdict.HeldMail;
import org.understudy.agent.verdict.Verdict;
import org.understudy.probes.CanaryEvidence;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;

/** A domain as the API shows it. */
public record DomainDocument(
        String domain,
        Verdict verdict,
        String sentence,
        List<Evidence> evidence,
        List<ExchangerDocument> exchangers,
        Optional<HeldMail> held,
        Map<String, ProbeResult> probes) {
    private static final String COMPARISON = "parity/";

    /**
     * An exchanger as the API shows it.
     *
     * @param proved true while it answers and the confirmed canary is fresh enough to count
     */
    public record ExchangerDocument(
            String host,
            int tier,
            Role role,
            int port,
            Optional<Instant> lastProbed,
            Optional<CanaryEvidence> latestCanary,
            Optional<CanaryEvidence> confirmedCanary,
            boolean proved) {}

    /** What a backup and the primary were last seen to offer and to answer, a line for each thing. */
    public record Comparison(String backup, List<Line> lines) {
        /** One thing, and what each of them says. */
        public record Line(String what, String answers) {}

        private static Comparison of(ProbeResult result) {
            return new Comparison(
                    result.probeId().substring(result.probeId().lastIndexOf('/') + 1),
                    result.facts().entrySet().stream()
                            .map(fact -> new Line(fact.getKey(), fact.getValue()))
                            .toList());
        }
    }

    /** One for each backup that was compared; for people. */
    public List<Comparison> comparisons() {
        return probes.values().stream()
                .filter(result -> result.probeId().startsWith(COMPARISON)
                        && !result.facts().isEmpty())
                .map(Comparison::of)
                .toList();
    }

    /** Collects what the watch knows now. */
    static DomainDocument of(Watch watch, Instant now) {
        DomainVerdict verdict = watch.verdict();
        return new DomainDocument(
                watch.domain().name().text(),
                verdict.verdict(),
                verdict.sentence(),
                verdict.evidence(),
                watch.exchangers().stream().map(e -> exchanger(watch, e, now)).toList(),
                watch.held(),
                watch.latestResults());
    }

    private static ExchangerDocument exchanger(Watch watch, ExchangerView view, Instant now) {
        int tier = 1;
        while (!watch.domain().tiers().get(tier - 1).contains(view.exchanger())) {
            tier++;
        }
        return new ExchangerDocument(
                view.exchanger().host().text(),
                tier,
                view.exchanger().role(),
                view.exchanger().port(),
                view.reachability().map(ProbeResult::started),
                view.latestCanary(),
                view.confirmedCanary(),
                view.isReachable(now) && view.provingCanary(now).isPresent());
    }
}
