package org.understudy.agent.self;

import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Looks at the agent itself. Thread-safe. */
public final class SelfProbe implements Probe {
    /** First part of the id of a probe that looks at the agent and not at a domain. */
    public static final String KIND = "agent";

    private static final Set<FindingType> BLINDING = EnumSet.of(
            FindingType.AGENT_RESOLVER_UNTRUSTED, FindingType.AGENT_CLOCK_SKEW, FindingType.AGENT_STORAGE_FAILING);

    private final DomainName agent;
    private final List<SelfCheck> checks;
    private final Clock clock;

    /** @param agent its name, which stands where that of a domain does */
    public SelfProbe(DomainName agent, List<SelfCheck> checks, Clock clock) {
        this.agent = agent;
        this.checks = List.copyOf(checks);
        this.clock = clock;
    }

    /** True if nothing that is seen can be relied on while that is so. */
    public static boolean blinds(Finding finding) {
        return finding.type() == FindingType.AGENT_EGRESS_25_BLOCKED
                || (BLINDING.contains(finding.type()) && finding.severity() == Severity.CRITICAL);
    }

    @Override
    public String id() {
        return KIND + "/" + agent;
    }

    @Override
    public DomainName domain() {
        return agent;
    }

    @Override
    public ProbeResult run(Deadline deadline) {
        return ResultBuilder.of(this, clock, result -> checks.forEach(check -> check.look(result)));
    }
}
