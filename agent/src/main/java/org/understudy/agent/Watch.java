package org.understudy.agent;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.understudy.agent.schedule.ScheduledProbe;
import org.understudy.agent.storage.Results;
import org.understudy.agent.verdict.ActiveFinding;
import org.understudy.agent.verdict.DomainSituation;
import org.understudy.agent.verdict.DomainVerdict;
import org.understudy.agent.verdict.ExchangerView;
import org.understudy.agent.verdict.HeldMail;
import org.understudy.agent.verdict.Verdict;
import org.understudy.agent.verdict.VerdictRules;
import org.understudy.alerts.AlertState;
import org.understudy.alerts.Alerts;
import org.understudy.probes.Canaries;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueCounts.DomainQueue;
import org.understudy.spool.Spool;
import org.understudy.spool.SpoolStatus;

/** One domain under watch: gathers what is known of it and has it judged. Thread-safe. */
public final class Watch {
    /** A result counts for this many intervals, so that one late run does not make the verdict unknown. */
    private static final int FRESH_INTERVALS = 3;

    private final MailDomain domain;
    private final List<ScheduledProbe> probes;
    private final boolean canaryWanted;
    private final Results results;
    private final Canaries canaries;
    private final Alerts alerts;
    private final Optional<Spool> spool;
    private final Supplier<Optional<String>> agentTrouble;
    private final Clock clock;

    /** @param agentTrouble why what the agent sees is not to be relied on, if so */
    Watch(
            MailDomain domain,
            List<ScheduledProbe> probes,
            boolean canaryWanted,
            Results results,
            Canaries canaries,
            Alerts alerts,
            Optional<Spool> spool,
            Supplier<Optional<String>> agentTrouble,
            Clock clock) {
        this.domain = domain;
        this.probes = List.copyOf(probes);
        this.canaryWanted = canaryWanted;
        this.results = results;
        this.canaries = canaries;
        this.alerts = alerts;
        this.spool = spool;
        this.agentTrouble = agentTrouble;
        this.clock = clock;
    }

    public MailDomain domain() {
        return domain;
    }

    /** Never better than the agent's own eyes: what it finds wrong with itself leaves nothing proven. */
    public DomainVerdict verdict() {
        DomainVerdict verdict = VerdictRules.judge(situation());
        return verdict.verdict() == Verdict.PROTECTED
                ? agentTrouble
                        .get()
                        .map(trouble -> new DomainVerdict(Verdict.UNKNOWN, trouble, verdict.evidence()))
                        .orElse(verdict)
                : verdict;
    }

    /** Newest result of each probe that has run, by the probe's id. */
    public Map<String, ProbeResult> latestResults() {
        return probes.stream()
                .flatMap(p -> results.latest(p.probe().id()).stream())
                .collect(Collectors.toMap(ProbeResult::probeId, r -> r, (a, b) -> b, java.util.TreeMap::new));
    }

    /** What is known of each exchanger, most preferred first. */
    public List<ExchangerView> exchangers() {
        return exchangers(firing());
    }

    private List<ExchangerView> exchangers(Set<String> firing) {
        return domain.exchangers().stream()
                .filter(e -> e.role() != Role.TARPIT)
                .map(e -> view(e, firing))
                .toList();
    }

    private DomainSituation situation() {
        Set<String> firing = firing();
        return new DomainSituation(
                clock.instant(), exchangers(firing), findings(firing), held(), domain.intent(), freshContract());
    }

    private Optional<ProbeResult> freshContract() {
        return probe("dns/" + domain.name() + "/mx")
                .flatMap(p -> results.latest(p.probe().id())
                        .filter(r -> r.started().plus(maxAge(p)).isAfter(clock.instant())));
    }

    private ExchangerView view(Exchanger exchanger, Set<String> firing) {
        Optional<ScheduledProbe> smtp = probe("smtp/" + domain.name() + "/" + exchanger.host());
        Optional<ScheduledProbe> canary = probe("canary/" + domain.name() + "/" + exchanger.host());
        return new ExchangerView(
                exchanger,
                smtp.flatMap(p -> results.latest(p.probe().id())),
                smtp.map(Watch::maxAge).orElse(Duration.ZERO),
                firing.stream().anyMatch(f -> f.endsWith("-smtp-unreachable " + exchanger.host())),
                canaryWanted,
                canaryWanted ? canaries.latest(domain.name(), exchanger.host()) : Optional.empty(),
                canaryWanted ? canaries.latestConfirmed(domain.name(), exchanger.host()) : Optional.empty(),
                canary.map(Watch::maxAge).orElse(Duration.ZERO));
    }

    private List<ActiveFinding> findings(Set<String> firing) {
        List<ActiveFinding> active = new ArrayList<>();
        for (ScheduledProbe p : probes) {
            results.latest(p.probe().id())
                    .filter(r -> r.outcome() == Outcome.FINDING)
                    .ifPresent(r ->
                            r.findings().forEach(f -> active.add(new ActiveFinding(f, firing.contains(name(f))))));
        }
        return active;
    }

    private static String name(Finding finding) {
        return finding.type().id() + " " + finding.subject();
    }

    private Set<String> firing() {
        return alerts.activeOf(domain.name().text()).stream()
                .filter(a -> a.state() == AlertState.FIRING)
                .map(a -> a.key().check() + " " + a.key().subject())
                .collect(Collectors.toSet());
    }

    /** What the bundled spool holds for the domain; empty if it does not serve it. */
    public Optional<HeldMail> held() {
        return spool.map(Spool::status).flatMap(status -> held(status, domain.name()));
    }

    private static Optional<HeldMail> held(SpoolStatus status, DomainName name) {
        DomainQueue queue = status.counts().domains().getOrDefault(name, DomainQueue.EMPTY);
        return status.lanes().stream()
                .filter(lane -> lane.domains().contains(name))
                .findFirst()
                .map(lane -> HeldMail.of(lane, queue, status.order(name)));
    }

    private Optional<ScheduledProbe> probe(String id) {
        return probes.stream().filter(p -> p.probe().id().equals(id)).findFirst();
    }

    private static Duration maxAge(ScheduledProbe p) {
        return p.interval().multipliedBy(FRESH_INTERVALS).plus(p.allowance());
    }
}
