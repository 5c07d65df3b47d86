package org.understudy.agent.self;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.understudy.probes.ClientListCheck;
import org.understudy.probes.ClientListCheck.Answer;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.VantageStanding;
import org.understudy.probes.VantageStanding.Refusal;
import org.understudy.smtp.Network;

/** Whether mail servers refuse the agent, and nobody else: by its address on block lists, and by what they say. Thread-safe. */
public final class StandingSelfCheck implements SelfCheck {
    private static final Duration LISTS_EVERY = Duration.ofHours(1);
    /** A list that could not answer may be able to soon. */
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private static final Duration PATIENCE = Duration.ofSeconds(8);
    /** So many servers that have nothing to do with each other refuse everybody at once less likely than us. */
    private static final int WITNESSES = 3;

    private static final int DOMAINS = 2;
    private static final int IPV4_OCTETS = 4;
    private static final int IPV4_PREFIX = 24;
    private static final int IPV6_PREFIX = 48;

    private final Set<InetAddress> configured;
    private final Supplier<VantageStanding> standing;
    private final Predicate<InetAddress> isPublic;
    private final ClientListCheck lists;
    private final Clock clock;
    private final Map<InetAddress, Map<String, Answer>> answers = new HashMap<>();
    private final Map<InetAddress, Instant> next = new HashMap<>();

    /**
     * @param configured addresses of the agent that the operator has named; none, and they are found out
     * @param standing how servers have answered
     * @param isPublic true of an address by which others can know us
     * @param lists block lists that are asked about our addresses, at most once an hour
     */
    public StandingSelfCheck(
            Collection<InetAddress> configured,
            Supplier<VantageStanding> standing,
            Predicate<InetAddress> isPublic,
            ClientListCheck lists,
            Clock clock) {
        this.configured = new LinkedHashSet<>(configured);
        this.standing = standing;
        this.isPublic = isPublic;
        this.lists = lists;
        this.clock = clock;
    }

    @Override
    public synchronized void look(ResultBuilder result) {
        VantageStanding seen = standing.get();
        Set<InetAddress> ours = ours(seen);
        ours.stream()
                .sorted(Comparator.comparing(InetAddress::getHostAddress))
                .forEach(address -> listings(result, address));
        answers.keySet().retainAll(ours);
        next.keySet().retainAll(ours);
        refusals(result, seen, ours);
    }

    /** What is configured; else from where we connect, and, behind address translation, what refusals call us. */
    private Set<InetAddress> ours(VantageStanding seen) {
        if (!configured.isEmpty()) {
            return configured;
        }
        Set<InetAddress> ours =
                seen.own().stream().filter(isPublic).collect(Collectors.toCollection(LinkedHashSet::new));
        if (ours.isEmpty()) {
            Map<InetAddress, Long> called = seen.refusals().stream()
                    .filter(Refusal::about)
                    .flatMap(refusal -> refusal.quoted().stream()
                            .filter(isPublic)
                            .filter(address -> !address.equals(refusal.address())))
                    .collect(Collectors.groupingBy(address -> address, Collectors.counting()));
            called.forEach((address, servers) -> {
                // One server may write anything.
                if (servers > 1) {
                    ours.add(address);
                }
            });
        }
        return ours;
    }

    private void listings(ResultBuilder result, InetAddress address) {
        String name = address.getHostAddress();
        Map<String, Answer> known = ask(address);
        known.forEach((list, answer) -> result.fact(list + " on " + name, answer.text()));
        Map<String, String> listed = new LinkedHashMap<>();
        known.forEach((list, answer) -> {
            if (answer.result() == ClientListCheck.Result.LISTED) {
                listed.put(list, answer.text());
            }
        });
        if (!listed.isEmpty()) {
            result.finding(Finding.of(
                    FindingType.AGENT_VANTAGE_BLOCKLISTED,
                    name,
                    "The agent's address " + name + " is on " + String.join(", ", listed.keySet()),
                    listed));
        }
    }

    /** What a list said last; that it cannot be asked now does not make it another answer. */
    private Map<String, Answer> ask(InetAddress address) {
        Map<String, Answer> known = answers.computeIfAbsent(address, a -> new TreeMap<>());
        Instant now = clock.instant();
        if (now.isBefore(next.getOrDefault(address, Instant.MIN))) {
            return known;
        }
        boolean all = true;
        for (Answer answer : lists.check(address, PATIENCE)) {
            boolean unknown = answer.result() == ClientListCheck.Result.UNKNOWN;
            all &= !unknown;
            if (!unknown || !known.containsKey(answer.list().text())) {
                known.put(answer.list().text(), answer);
            }
        }
        next.put(address, now.plus(all ? LISTS_EVERY : AGAIN));
        return known;
    }

    private void refusals(ResultBuilder result, VantageStanding seen, Set<InetAddress> ours) {
        List<Refusal> about = seen.refusals().stream()
                .filter(refusal -> refusal.about() || refusal.quoted().stream().anyMatch(ours::contains))
                .toList();
        if (!about.isEmpty()) {
            report(result, about, "say that they refuse the agent for where it asks from");
            return;
        }
        List<Refusal> greetings =
                seen.refusals().stream().filter(Refusal::greeting).toList();
        if (areUnrelated(greetings) && 2 * greetings.size() >= seen.servers()) {
            report(result, greetings, "refuse the agent with their first word, and have nothing to do with each other");
        }
    }

    private static boolean areUnrelated(List<Refusal> refusals) {
        long networks = refusals.stream()
                .map(refusal -> around(refusal.address()))
                .distinct()
                .count();
        long domains = refusals.stream().map(Refusal::domain).distinct().count();
        return networks >= WITNESSES && domains >= DOMAINS;
    }

    private static Network around(InetAddress address) {
        return new Network(address, address.getAddress().length == IPV4_OCTETS ? IPV4_PREFIX : IPV6_PREFIX);
    }

    private static void report(ResultBuilder result, List<Refusal> refusals, String what) {
        Map<String, String> evidence = new TreeMap<>();
        refusals.forEach(refusal -> evidence.put(refusal.server(), refusal.words()));
        result.finding(Finding.of(
                FindingType.AGENT_VANTAGE_BLOCKLISTED,
                "mail servers",
                evidence.size() + " mail server(s) " + what + ": "
                        + evidence.entrySet().iterator().next().toString().replaceFirst("=", " "),
                evidence));
    }
}
