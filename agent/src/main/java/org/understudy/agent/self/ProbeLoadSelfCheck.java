package org.understudy.agent.self;

import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ProbeLoad;
import org.understudy.probes.ResultBuilder;

/**
 * Whether the agent asks mail servers so much that they take it for an attacker: by what was really asked, by how they took it, and
 * by what is configured. Thread-safe.
 */
public final class ProbeLoadSelfCheck implements SelfCheck {
    /** Of one domain a server is asked four times an hour; fail2ban's own limit comes to 30. */
    private static final int MOST_UNKNOWN = 20;
    /** Postfix hangs up at 20, smtpd_hard_error_limit. */
    private static final int MOST_ERRORS = 15;

    private static final String FIX = """
            probes:
              questions: 1h
              sessions:
                # Once the agent is on its allow lists.
                tolerantNetworks: ["%s"]""";

    private static final int HARD_LIMIT = 20;
    /** Once it may have been the server that went down. */
    private static final int TWICE = 2;

    private final Supplier<? extends Collection<ProbeLoad>> loads;
    private final Predicate<InetAddress> tolerant;
    private final List<MailDomain> domains;
    private final ProbeRates rates;

    /**
     * @param loads what was asked of each server
     * @param tolerant true of a server that may be asked as often as one likes
     */
    public ProbeLoadSelfCheck(
            Supplier<? extends Collection<ProbeLoad>> loads,
            Predicate<InetAddress> tolerant,
            Collection<MailDomain> domains,
            ProbeRates rates) {
        this.loads = loads;
        this.tolerant = tolerant;
        this.domains = List.copyOf(domains);
        this.rates = rates;
    }

    @Override
    public void look(ResultBuilder result) {
        List<ProbeLoad> strict = loads.get().stream()
                .filter(load -> !tolerant.test(load.address()))
                .toList();
        strict.forEach(load -> judge(result, load));
        Map<String, String> tooShort = rates.tooShort();
        if (!strict.isEmpty() && !tooShort.isEmpty()) {
            result.finding(Finding.of(
                    FindingType.AGENT_PROBE_ABUSIVE,
                    "intervals",
                    "Mail servers are asked too often: "
                            + String.join(
                                    ", ", tooShort.keySet().stream().sorted().toList())
                            + " is shorter than is polite",
                    tooShort));
        }
    }

    private void judge(ResultBuilder result, ProbeLoad load) {
        Map<String, String> evidence = new LinkedHashMap<>();
        recipients(evidence, load);
        if (load.mostErrors() >= MOST_ERRORS) {
            evidence.put(
                    "refusals in one session",
                    load.mostErrors() + ", and Postfix hangs up at " + HARD_LIMIT + " (smtpd_hard_error_limit)");
        }
        if (!load.dismissals().isEmpty()) {
            evidence.put("sent us away with", String.join(" | ", load.dismissals()));
        }
        if (load.shutOut() >= TWICE) {
            evidence.put(
                    "no connection just after many refusals", load.shutOut() + " times within a day, as after a ban");
        }
        if (evidence.isEmpty()) {
            return;
        }
        String first = evidence.entrySet().iterator().next().toString().replaceFirst("=", ": ");
        evidence.put("sessions within an hour", Integer.toString(load.sessions()));
        evidence.put("domains that share it", Long.toString(sharing(load)));
        result.finding(Finding.of(
                        FindingType.AGENT_PROBE_ABUSIVE,
                        load.toString(),
                        "The agent asks " + load + " for more than it may bear. " + first,
                        evidence)
                .withFix(FIX.formatted(load.address().getHostAddress())));
    }

    private void recipients(Map<String, String> evidence, ProbeLoad load) {
        long planned = rates.unknownRecipientsPerHour(sharing(load));
        if (load.unknownRecipients() > MOST_UNKNOWN) {
            evidence.put(
                    "unknown recipients within an hour",
                    load.unknownRecipients() + ", which looks like a search for addresses");
        } else if (planned > MOST_UNKNOWN) {
            evidence.put(
                    "unknown recipients an hour, as configured",
                    planned + " for " + sharing(load) + " domain(s) every "
                            + rates.questions().toSeconds() + " s, which looks like a search for addresses");
        }
    }

    private long sharing(ProbeLoad load) {
        return domains.stream()
                .filter(domain -> domain.exchangers().stream()
                        .anyMatch(exchanger ->
                                load.hosts().contains(exchanger.host().text())))
                .count();
    }
}
