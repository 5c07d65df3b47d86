package org.understudy.agent.self;

import java.util.List;
import java.util.Map;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResolverCheck;
import org.understudy.probes.ResolverState;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;

/** Whether the resolvers can be relied on: critical if none can. Thread-safe. */
public final class ResolverSelfCheck implements SelfCheck {
    private final ResolverCheck resolvers;

    public ResolverSelfCheck(ResolverCheck resolvers) {
        this.resolvers = resolvers;
    }

    @Override
    public void look(ResultBuilder result) {
        List<ResolverState> states = resolvers.look();
        boolean none = states.stream().allMatch(state -> state.trouble().isPresent());
        for (ResolverState state : states) {
            state.trouble().ifPresent(trouble -> {
                Finding finding = Finding.of(
                        FindingType.AGENT_RESOLVER_UNTRUSTED,
                        state.resolver(),
                        "The resolver " + state.resolver() + " cannot be relied on: " + trouble,
                        Map.of(state.resolver(), trouble));
                result.finding(none ? finding.withSeverity(Severity.CRITICAL) : finding);
            });
        }
    }
}
