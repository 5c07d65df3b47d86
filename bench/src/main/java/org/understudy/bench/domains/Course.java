package org.understudy.bench.domains;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What an agent says, and costs, minute by minute. Confined to one thread. */
final class Course {
    private static final String START_DELAY = "understudy_probe_start_delay_seconds";
    private static final String HEAP = "jvm_memory_used_bytes{area=\"heap\"}";
    private static final double MEBI = 1024.0 * 1024;
    private static final double KIBI = 1024;

    private final WatchedAgent agent;
    private final long begun = System.nanoTime();
    private final Metrics first;
    private final Duration cpuFirst;
    private Metrics last;
    private double startDelay;
    private double heap;
    private long threads;

    Course(WatchedAgent agent) throws IOException, InterruptedException {
        this.agent = agent;
        this.first = agent.metrics();
        this.last = first;
        this.cpuFirst = agent.cpu();
    }

    /** Lets a minute pass, and tells of it in one line. */
    String minute(int number) throws IOException, InterruptedException {
        long runsBefore = last.runs("smtp");
        Duration cpuBefore = agent.cpu();
        long minuteBegun = System.nanoTime();
        TimeUnit.MINUTES.sleep(1);
        double cpu = percent(agent.cpu().minus(cpuBefore), minuteBegun);
        last = agent.metrics();
        startDelay = Math.max(startDelay, last.sum(START_DELAY));
        heap = Math.max(heap, last.sum(HEAP) / MEBI);
        threads = Math.max(threads, agent.status("Threads"));
        return String.format(
                Locale.ROOT,
                "  minute %2d: %5d looks at exchangers, %4.1f %% of a core, %3.0f MiB resident, %3d threads, %.2f s late",
                number,
                last.runs("smtp") - runsBefore,
                cpu,
                agent.status("VmRSS") / KIBI,
                agent.status("Threads"),
                last.sum(START_DELAY));
    }

    Metrics last() {
        return last;
    }

    double seconds() {
        return (System.nanoTime() - begun) / 1e9;
    }

    /** Looks at an exchanger, whether it takes mail. */
    double looks() {
        return last.runs("smtp") - (double) first.runs("smtp");
    }

    double runs() {
        return last.sum("understudy_probe_runs_total{") - first.sum("understudy_probe_runs_total{");
    }

    double latenessBound(double part) {
        return Metrics.latenessBound(first, last, part);
    }

    /** The longest that a probe has waited for a thread. */
    double startDelay() {
        return startDelay;
    }

    double cpuPercent() throws IOException {
        return percent(agent.cpu().minus(cpuFirst), begun);
    }

    double residentMebibytes() throws IOException {
        return agent.status("VmHWM") / KIBI;
    }

    double heapMebibytes() {
        return heap;
    }

    double threads() {
        return threads;
    }

    private static double percent(Duration cpu, long since) {
        return 100.0 * cpu.toNanos() / (System.nanoTime() - since);
    }
}
