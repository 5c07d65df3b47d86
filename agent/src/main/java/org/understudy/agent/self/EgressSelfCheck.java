package org.understudy.agent.self;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;

/** Whether mail servers are within reach, as the probes that greet them have found. Thread-safe. */
public final class EgressSelfCheck implements SelfCheck {
    private final Supplier<Optional<String>> trouble;

    /** @param trouble why nothing gets out, if so */
    public EgressSelfCheck(Supplier<Optional<String>> trouble) {
        this.trouble = trouble;
    }

    @Override
    public void look(ResultBuilder result) {
        trouble.get()
                .ifPresent(why -> result.finding(Finding.of(
                        FindingType.AGENT_EGRESS_25_BLOCKED,
                        "port 25",
                        "No mail server is within reach: " + why,
                        Map.of("seen", why))));
    }
}
