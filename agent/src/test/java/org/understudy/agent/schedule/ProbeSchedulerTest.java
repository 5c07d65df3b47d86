package org.understudy.agent.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quartz.SchedulerException;
import org.understudy.agent.self.Lateness;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Probes run again and again, and one that has to wait for its turn keeps no other waiting. */
class ProbeSchedulerTest {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final Clock clock = Clock.systemUTC();
    private final Queue<ProbeResult> results = new ConcurrentLinkedQueue<>();
    private final Queue<Duration> late = new ConcurrentLinkedQueue<>();
    private final Lateness lateness = new Lateness();
    private final List<ProbeScheduler> schedulers = new ArrayList<>();

    /** A probe that may have to wait. */
    private final class Counting implements Probe {
        private final String id;
        private final AtomicInteger runs = new AtomicInteger();
        private final AtomicInteger askedWhetherItWaits = new AtomicInteger();
        private volatile boolean waits;

        Counting(String id, boolean waits) {
            this.id = id;
            this.waits = waits;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public DomainName domain() {
            return new DomainName("example.org");
        }

        @Override
        public boolean hasToWait() {
            askedWhetherItWaits.incrementAndGet();
            return waits;
        }

        @Override
        public ProbeResult run(Deadline deadline) {
            return ResultBuilder.of(this, clock, result -> runs.incrementAndGet());
        }
    }

    @AfterEach
    void stop() throws SchedulerException {
        for (ProbeScheduler scheduler : schedulers) {
            scheduler.stop();
        }
    }

    private void start(Duration allowance, Probe... probes) throws SchedulerException {
        List<ScheduledProbe> scheduled = List.of(probes).stream()
                .map(probe -> new ScheduledProbe(probe, INTERVAL, allowance))
                .toList();
        ProbeScheduler scheduler = new ProbeScheduler(scheduled, 1, results::add, () -> {}, lateness, late::add, clock);
        schedulers.add(scheduler);
        scheduler.start();
    }

    @Test
    void probeThatHasToWait_holdsNoThread_andRunsWhenItsTurnComes() throws SchedulerException {
        Counting free = new Counting("smtp/example.org/free", false);
        Counting waiting = new Counting("smtp/example.org/waiting", true);
        start(Duration.ofMinutes(1), free, waiting);
        // It is asked twice a second: more than a second lies between the first of four questions and the fourth.
        await().until(() -> waiting.askedWhetherItWaits.get() >= 4 && free.runs.get() >= 10);
        assertThat(waiting.runs).hasValue(0);

        waiting.waits = false;
        await().until(() -> waiting.runs.get() >= 2);
        assertThat(results).allMatch(result -> result.outcome() == Outcome.OK);
        assertThat(late.stream().max(Duration::compareTo).orElseThrow())
                .as("its wait counts where people look how late probes are")
                .isGreaterThan(Duration.ofSeconds(1));
        assertThat(lateness.worst().lateness())
                .as("and not where the agent looks for a fault of its own")
                .isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void probeWhoseTurnDoesNotCome_isUnknown() throws SchedulerException {
        Counting waiting = new Counting("smtp/example.org/waiting", true);
        start(Duration.ofSeconds(1), waiting);
        await().until(() -> !results.isEmpty());
        assertThat(results.element().outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(results.element().cause()).contains("were taken for 1 s");
        assertThat(waiting.runs).hasValue(0);
    }
}
