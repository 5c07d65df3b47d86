package org.understudy.agent.self;

import java.time.Duration;
import java.util.Map;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;

/** Whether probes run when they should. Thread-safe. */
public final class SchedulerSelfCheck implements SelfCheck {
    private static final Duration TOO_LATE = Duration.ofSeconds(30);

    private final Lateness lateness;

    public SchedulerSelfCheck(Lateness lateness) {
        this.lateness = lateness;
    }

    @Override
    public void look(ResultBuilder result) {
        Lateness.Worst worst = lateness.worst();
        result.measurement("lateness_seconds", worst.lateness().toMillis() / 1000.0);
        if (worst.lateness().compareTo(TOO_LATE) > 0) {
            result.finding(Finding.of(
                    FindingType.AGENT_SCHEDULER_MISFIRE,
                    "scheduler",
                    "The probe " + worst.probe() + " began " + worst.lateness().toSeconds() + " s after its time",
                    Map.of(worst.probe(), worst.lateness().toSeconds() + " s late")));
        }
    }
}
