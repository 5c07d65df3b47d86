package org.understudy.agent.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.understudy.agent.verdict.Evidence.Weight;
import org.understudy.probes.CanaryEvidence;
import org.understudy.probes.CanaryState;
import org.understudy.probes.Outcome;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;

/**
 * Judges a situation. Pure and thread-safe.
 *
 * <p>The order of the questions is the order of urgency: is the primary down, and does a backup hold? Is it only just back?
 * Is anything confirmed that would break the next outage? Is there fresh proof of every path? Is anything weakened?
 */
public final class VerdictRules {

    private VerdictRules() {}

    /** The verdict and its chain of evidence. */
    public static DomainVerdict judge(DomainSituation situation) {
        List<Evidence> chain = chain(situation);
        if (!situation.intent().mail()) {
            return withoutMail(situation, chain);
        }
        List<ExchangerView> primaries = situation.of(Role.PRIMARY);
        if (!primaries.isEmpty() && primaries.stream().allMatch(ExchangerView::confirmedDown)) {
            return primaries.stream().anyMatch(p -> p.isReachable(situation.now()))
                    ? new DomainVerdict(
                            Verdict.RECOVERING, "The primary answers again; waiting until that is certain.", chain)
                    : primaryDown(situation, chain);
        }
        Optional<DomainVerdict> early = recovering(situation, chain).or(() -> exposed(situation, chain));
        return early.or(() -> unproven(situation, chain)).orElseGet(() -> proven(situation, chain));
    }

    private static DomainVerdict primaryDown(DomainSituation situation, List<Evidence> chain) {
        List<ExchangerView> backups = situation.of(Role.BACKUP);
        List<String> holding = backups.stream()
                .filter(b -> b.isReachable(situation.now()))
                .map(b -> b.exchanger().host().text())
                .toList();
        if (!holding.isEmpty()) {
            String amount = situation.held().map(h -> h.queued() + " held").orElse("holding");
            return new DomainVerdict(
                    Verdict.FAILOVER,
                    "The primary is down; " + String.join(" and ", holding) + " accepts and keeps the mail (" + amount
                            + ").",
                    chain);
        }
        if (backups.stream().anyMatch(b -> b.freshReachability(situation.now()).isEmpty())) {
            return new DomainVerdict(
                    Verdict.UNKNOWN, "The primary is down, and there is no fresh evidence about the backup.", chain);
        }
        return new DomainVerdict(
                Verdict.EXPOSED,
                backups.isEmpty()
                        ? "The primary is down and there is no backup: mail waits at its senders until they give up."
                        : "The primary is down and no backup accepts mail: mail waits at its senders until they give up.",
                chain);
    }

    private static Optional<DomainVerdict> recovering(DomainSituation situation, List<Evidence> chain) {
        return situation
                .held()
                .filter(h -> h.laneUp() && h.queued() > 0)
                .filter(h ->
                        h.oldestArrival().filter(o -> o.isBefore(h.laneSince())).isPresent())
                .map(h -> new DomainVerdict(
                        Verdict.RECOVERING,
                        "The primary is back; " + h.queued() + " held during the outage are being handed over.",
                        chain));
    }

    private static Optional<DomainVerdict> exposed(DomainSituation situation, List<Evidence> chain) {
        Optional<DomainVerdict> critical = critical(situation, chain);
        if (critical.isPresent()) {
            return critical;
        }
        if (situation.of(Role.BACKUP).isEmpty() && !situation.intent().noBackup()) {
            return Optional.of(new DomainVerdict(
                    Verdict.EXPOSED,
                    "No backup is declared: if the primary died now, mail would wait at its senders until they give up.",
                    chain));
        }
        return Optional.empty();
    }

    private static Optional<DomainVerdict> critical(DomainSituation situation, List<Evidence> chain) {
        List<ActiveFinding> critical = situation.findings().stream()
                .filter(f -> f.confirmed() && f.finding().severity() == Severity.CRITICAL)
                .toList();
        return critical.isEmpty()
                ? Optional.empty()
                : Optional.of(new DomainVerdict(
                        Verdict.EXPOSED,
                        critical.stream().map(f -> f.finding().summary()).collect(Collectors.joining("; ")),
                        chain));
    }

    /** A domain that takes no mail is safe while its records say so. */
    private static DomainVerdict withoutMail(DomainSituation situation, List<Evidence> chain) {
        Optional<DomainVerdict> critical = critical(situation, chain);
        if (critical.isPresent()) {
            return critical.get();
        }
        if (situation.contract().filter(r -> r.outcome() != Outcome.UNKNOWN).isEmpty()) {
            return new DomainVerdict(Verdict.UNKNOWN, "There is no fresh evidence of what the MX records say.", chain);
        }
        return weakened(situation, chain)
                .orElseGet(() -> new DomainVerdict(
                        Verdict.PROTECTED, "The domain takes no mail, and its records do not ask for any.", chain));
    }

    private static Optional<DomainVerdict> weakened(DomainSituation situation, List<Evidence> chain) {
        List<ActiveFinding> weakening = situation.findings().stream()
                .filter(f -> f.finding().severity() != Severity.INFO)
                .toList();
        if (weakening.isEmpty()) {
            return Optional.empty();
        }
        String summary = weakening.stream()
                .map(f -> f.finding().summary() + (f.confirmed() ? "" : " (being confirmed)"))
                .collect(Collectors.joining("; "));
        return Optional.of(new DomainVerdict(Verdict.AT_RISK, summary, chain));
    }

    private static Optional<DomainVerdict> unproven(DomainSituation situation, List<Evidence> chain) {
        List<String> missing = new ArrayList<>();
        for (ExchangerView view : situation.exchangers()) {
            if (view.freshReachability(situation.now()).isEmpty()) {
                missing.add("whether " + view.exchanger().host() + " answers");
            }
            if (view.provingCanary(situation.now()).isEmpty()) {
                missing.add("a canary via " + view.exchanger().host());
            }
        }
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new DomainVerdict(
                Verdict.UNKNOWN, "There is no fresh evidence of: " + String.join(", ", missing) + ".", chain));
    }

    private static DomainVerdict proven(DomainSituation situation, List<Evidence> chain) {
        return weakened(situation, chain)
                .orElseGet(() -> situation.of(Role.BACKUP).isEmpty()
                        ? new DomainVerdict(
                                Verdict.AT_RISK,
                                "The path to the primary is proved and nothing is wrong. There is no backup, as declared:"
                                        + " if the primary died now, mail would wait at its senders until they give up.",
                                chain)
                        : new DomainVerdict(
                                Verdict.PROTECTED,
                                "If the primary died now, the mail would survive: both paths delivered a canary and nothing is"
                                        + " wrong.",
                                chain));
    }

    private static List<Evidence> chain(DomainSituation situation) {
        List<Evidence> chain = new ArrayList<>();
        for (ActiveFinding f : situation.findings()) {
            chain.add(new Evidence(
                    f.finding().type().id(), Weight.AGAINST, f.finding().summary(), Optional.empty()));
        }
        for (ExchangerView view : situation.exchangers()) {
            chain.add(reachabilityEvidence(view, situation.now()));
            if (view.canaryWanted()) {
                chain.add(canaryEvidence(view, situation.now()));
            }
        }
        situation.held().ifPresent(held -> chain.add(heldEvidence(held, situation.now())));
        return chain;
    }

    private static Evidence reachabilityEvidence(ExchangerView view, Instant now) {
        String title = view.exchanger().host() + " answers";
        Optional<ProbeResult> fresh = view.freshReachability(now);
        if (fresh.isEmpty()) {
            String why = view.reachability()
                    .map(r -> r.cause().isEmpty() ? "last looked " + age(r.started(), now) + " ago" : r.cause())
                    .orElse("not yet looked");
            return new Evidence(title, Weight.MISSING, why, view.reachability().map(ProbeResult::started));
        }
        ProbeResult result = fresh.get();
        boolean up = view.isReachable(now);
        String text = up
                ? result.facts().entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue())
                        .findFirst()
                        .orElse("answered")
                : result.findings().stream().map(f -> f.summary()).collect(Collectors.joining("; "));
        return new Evidence(title, up ? Weight.FOR : Weight.AGAINST, text, Optional.of(result.started()));
    }

    private static Evidence canaryEvidence(ExchangerView view, Instant now) {
        String title = "canary via " + view.exchanger().host();
        Optional<CanaryEvidence> proof = view.provingCanary(now);
        if (proof.isPresent() && !view.isReachable(now)) {
            return new Evidence(
                    title,
                    Weight.MISSING,
                    "the last one was delivered before the host stopped answering",
                    proof.get().seenAt());
        }
        if (proof.isPresent()) {
            CanaryEvidence canary = proof.get();
            String latency = canary.latency().map(l -> " in " + seconds(l)).orElse("");
            return new Evidence(
                    title,
                    Weight.FOR,
                    "delivered" + latency + ", path " + String.join(" → ", canary.hops()),
                    canary.seenAt());
        }
        Optional<CanaryEvidence> latest = view.latestCanary();
        if (latest.filter(c -> c.state() == CanaryState.HELD).isPresent()) {
            return new Evidence(
                    title,
                    Weight.FOR,
                    "accepted and kept: " + latest.get().acceptedReply(),
                    latest.get().acceptedAt());
        }
        String text = latest.map(c -> c.state() + (c.trouble().isEmpty() ? "" : ": " + c.trouble()))
                .orElse("none sent yet");
        return new Evidence(title, Weight.MISSING, text, latest.map(CanaryEvidence::createdAt));
    }

    private static Evidence heldEvidence(HeldMail held, Instant now) {
        String text = held.queued() + " held"
                + held.oldestArrival()
                        .map(o -> ", the oldest for " + age(o, now))
                        .orElse("")
                + (held.laneUp()
                        ? "; the spool takes the primary to be up"
                        : "; the spool does not take the primary to be up")
                + held.order().map(words -> "; all is held: " + words).orElse("");
        return new Evidence("spool", held.laneUp() ? Weight.FOR : Weight.AGAINST, text, Optional.of(held.laneSince()));
    }

    private static String age(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        if (age.toHours() > 0) {
            return age.toHours() + " h " + age.toMinutesPart() + " min";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + " min" : Math.max(0, age.toSeconds()) + " s";
    }

    private static String seconds(Duration d) {
        return String.format(java.util.Locale.ROOT, "%.1f s", d.toMillis() / 1000.0);
    }
}
