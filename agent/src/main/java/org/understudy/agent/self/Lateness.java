package org.understudy.agent.self;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** How late probes begin. Thread-safe. */
public final class Lateness {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private record Window(long begun, String worstProbe, Duration worst, String worstBefore, Duration before) {}

    private final AtomicReference<Window> window =
            new AtomicReference<>(new Window(System.nanoTime(), "", Duration.ZERO, "", Duration.ZERO));

    /** The probe that began latest, and by how much. */
    public record Worst(String probe, Duration lateness) {}

    /** A probe begins now, so long after its time. */
    public void began(String probe, Duration late) {
        window.updateAndGet(w -> {
            Window now = turned(w);
            return late.compareTo(now.worst) > 0
                    ? new Window(now.begun, probe, late, now.worstBefore, now.before)
                    : now;
        });
    }

    /** Of the last one to two minutes. */
    public Worst worst() {
        Window now = window.updateAndGet(Lateness::turned);
        return now.before.compareTo(now.worst) > 0
                ? new Worst(now.worstBefore, now.before)
                : new Worst(now.worstProbe, now.worst);
    }

    private static Window turned(Window w) {
        long age = System.nanoTime() - w.begun;
        if (age < WINDOW.toNanos()) {
            return w;
        }
        boolean longAgo = age >= 2 * WINDOW.toNanos();
        return new Window(
                System.nanoTime(), "", Duration.ZERO, longAgo ? "" : w.worstProbe, longAgo ? Duration.ZERO : w.worst);
    }
}
