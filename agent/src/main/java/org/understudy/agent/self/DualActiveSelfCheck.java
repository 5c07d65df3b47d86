package org.understudy.agent.self;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;

/** Whether another agent works on the same data. Thread-safe. */
public final class DualActiveSelfCheck implements SelfCheck {
    private final Supplier<Optional<String>> intruder;

    /** @param intruder what is known of the other one, if there is one */
    public DualActiveSelfCheck(Supplier<Optional<String>> intruder) {
        this.intruder = intruder;
    }

    @Override
    public void look(ResultBuilder result) {
        intruder.get()
                .ifPresent(who -> result.finding(Finding.of(
                        FindingType.AGENT_DUAL_ACTIVE,
                        "data directory",
                        "Another agent uses the data directory of this one: " + who,
                        Map.of("other agent", who))));
    }
}
