package org.understudy.agent.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.understudy.agent.Watch;
import org.understudy.agent.self.Lateness;
import org.understudy.agent.verdict.Verdict;
import org.understudy.alerts.AlertState;
import org.understudy.alerts.Alerts;
import org.understudy.alerts.ChannelStatus;
import org.understudy.alerts.Severity;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.spool.LaneState;
import org.understudy.spool.Spool;

/** Names and meaning of every metric. Thread-safe. */
public final class AgentMetrics {
    private static final double[] DELIVERY_BUCKETS = {1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 86_400
    };

    private static final double[] LATENESS_BUCKETS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};

    private final PrometheusRegistry registry;
    private final Counter runs;
    private final Histogram delivery;
    private final Histogram lateness;

    public AgentMetrics(PrometheusRegistry registry) {
        this.registry = registry;
        this.runs = Counter.builder()
                .name("understudy_probe_runs_total")
                .help("Runs of a probe, by outcome.")
                .labelNames("domain", "probe", "outcome")
                .register(registry);
        this.delivery = Histogram.builder()
                .name("understudy_canary_delivery_seconds")
                .help("Time from the 250 to a canary until it was seen in the mailbox.")
                .unit(Unit.SECONDS)
                .classicOnly()
                .classicUpperBounds(DELIVERY_BUCKETS)
                .labelNames("domain", "probe")
                .register(registry);
        this.lateness = Histogram.builder()
                .name("understudy_probe_lateness_seconds")
                .help(
                        "Time from when a run of a probe was due until it began, its wait for a turn at the server included.")
                .unit(Unit.SECONDS)
                .classicOnly()
                .classicUpperBounds(LATENESS_BUCKETS)
                .register(registry);
    }

    /** A run begins, so long after it was due. */
    public void began(Duration late) {
        lateness.observe(late.toNanos() / 1e9);
    }

    /** Publishes how late probes begin for lack of threads. */
    public void lateness(Lateness worst) {
        GaugeWithCallback.builder()
                .name("understudy_probe_start_delay_seconds")
                .help("The longest that a probe has waited for a thread in the last one to two minutes.")
                .unit(Unit.SECONDS)
                .callback(gauge -> gauge.call(worst.worst().lateness().toNanos() / 1e9))
                .register(registry);
    }

    /** Counts a run. */
    public void observe(Probe probe, ProbeResult result) {
        runs.labelValues(
                        probe.domain().text(),
                        probe.id(),
                        result.outcome().name().toLowerCase(java.util.Locale.ROOT))
                .inc();
        Optional.ofNullable(result.measurements().get("delivery_seconds"))
                .ifPresent(seconds ->
                        delivery.labelValues(probe.domain().text(), probe.id()).observe(seconds));
    }

    /** Publishes the verdict and the newest result of each probe. */
    public void watch(List<Watch> watches) {
        GaugeWithCallback.builder()
                .name("understudy_verdict")
                .help("1 for the verdict that a domain has now, 0 for the others.")
                .labelNames("domain", "verdict")
                .callback(gauge -> watches.forEach(w -> {
                    Verdict now = w.verdict().verdict();
                    for (Verdict verdict : Verdict.values()) {
                        gauge.call(now == verdict ? 1 : 0, w.domain().name().text(), verdict.name());
                    }
                }))
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_probe_success")
                .help("1 if the newest conclusive run of a probe found nothing wrong, 0 if it did.")
                .labelNames("domain", "probe")
                .callback(gauge -> results(watches, (w, r) -> {
                    if (r.outcome() == Outcome.OK || r.outcome() == Outcome.FINDING) {
                        gauge.call(
                                r.outcome() == Outcome.OK ? 1 : 0,
                                w.domain().name().text(),
                                r.probeId());
                    }
                }))
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_probe_last_run_timestamp_seconds")
                .help("When a probe last ran.")
                .unit(Unit.SECONDS)
                .labelNames("domain", "probe")
                .callback(gauge -> results(
                        watches,
                        (w, r) -> gauge.call(
                                r.started().toEpochMilli() / 1000.0,
                                w.domain().name().text(),
                                r.probeId())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_smtp_phase_duration_seconds")
                .help("Time a phase of the newest SMTP session took.")
                .unit(Unit.SECONDS)
                .labelNames("domain", "probe", "phase")
                .callback(gauge -> results(
                        watches,
                        (w, r) -> phases(r)
                                .forEach((phase, seconds) ->
                                        gauge.call(seconds, w.domain().name().text(), r.probeId(), phase))))
                .register(registry);
    }

    /** Publishes the queue of the spool. */
    public void spool(Spool spool, Clock clock) {
        GaugeWithCallback.builder()
                .name("understudy_spool_units")
                .help("Units (one message for one recipient) in the spool, by state.")
                .labelNames("state")
                .callback(gauge -> spool.status().counts().states().forEach((state, units) -> {
                    if (!state.isTerminal()) {
                        gauge.call((double) units, state.name().toLowerCase(Locale.ROOT));
                    }
                }))
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_spool_bytes")
                .help("Content of the messages in the spool.")
                .unit(Unit.BYTES)
                .callback(gauge -> gauge.call((double) spool.status().counts().bytes()))
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_spool_oldest_age_seconds")
                .help("Age of the oldest waiting unit, 0 if none waits.")
                .unit(Unit.SECONDS)
                .callback(gauge -> gauge.call(spool.status()
                        .counts()
                        .oldestArrival()
                        .map(o -> Duration.between(o, clock.instant()).toMillis() / 1000.0)
                        .orElse(0.0)))
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_spool_lane_up")
                .help("1 if the spool takes a next hop to be up.")
                .labelNames("next_hop")
                .callback(gauge -> spool.status()
                        .lanes()
                        .forEach(lane -> gauge.call(
                                lane.state().keepsMail() ? 0 : 1, lane.nextHop().toString())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_spool_lane_frozen")
                .help("1 if a next hop refuses all mail, which is held until that is mended.")
                .labelNames("next_hop")
                .callback(gauge -> spool.status()
                        .lanes()
                        .forEach(lane -> gauge.call(
                                lane.state() == LaneState.FROZEN ? 1 : 0,
                                lane.nextHop().toString())))
                .register(registry);
        CounterWithCallback.builder()
                .name("understudy_spool_lane_forwarded_total")
                .help("Units handed on since start, by next hop.")
                .labelNames("next_hop")
                .callback(counter -> spool.status()
                        .lanes()
                        .forEach(lane -> counter.call(
                                (double) lane.forwarded(), lane.nextHop().toString())))
                .register(registry);
        CounterWithCallback.builder()
                .name("understudy_spool_lane_ambiguous_total")
                .help("Transactions since start whose final reply was lost: what was in them may arrive twice.")
                .labelNames("next_hop")
                .callback(counter -> spool.status()
                        .lanes()
                        .forEach(lane -> counter.call(
                                (double) lane.ambiguous(), lane.nextHop().toString())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_spool_ledger_drift")
                .help("Accepted units that are neither waiting nor settled. Anything but 0 is a fault of the spool.")
                .callback(gauge -> gauge.call((double) spool.status().counts().drift()))
                .register(registry);
        RecipientMetrics.register(registry, spool);
        FilterMetrics.register(registry, spool);
    }

    /** Publishes alerts and channels. */
    public void alerts(Alerts alerts) {
        GaugeWithCallback.builder()
                .name("understudy_alerts_firing")
                .help("Alerts firing now, by severity.")
                .labelNames("severity")
                .callback(gauge -> {
                    for (Severity severity : Severity.values()) {
                        gauge.call(
                                (double) alerts.active().stream()
                                        .filter(a -> a.state() == AlertState.FIRING && a.severity() == severity)
                                        .count(),
                                severity.name().toLowerCase(Locale.ROOT));
                    }
                })
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_notification_channel_healthy")
                .help("1 if the latest delivery through a channel succeeded or none was tried.")
                .labelNames("channel")
                .callback(gauge -> alerts.channels().forEach(c -> gauge.call(c.healthy() ? 1 : 0, c.name())))
                .register(registry);
        GaugeWithCallback.builder()
                .name("understudy_notification_oldest_pending_age_seconds")
                .help("Age of the oldest notification that waits for its channel, 0 if none waits.")
                .unit(Unit.SECONDS)
                .labelNames("channel")
                .callback(gauge -> alerts.channels()
                        .forEach((ChannelStatus c) -> gauge.call(
                                c.oldestPending()
                                        .map(d -> d.toMillis() / 1000.0)
                                        .orElse(0.0),
                                c.name())))
                .register(registry);
    }

    private static Map<String, Double> phases(ProbeResult result) {
        Map<String, Double> phases = new java.util.TreeMap<>();
        if (result.probeId().startsWith("smtp/")) {
            result.measurements().forEach((name, value) -> {
                if (name.endsWith("_seconds") && !name.contains("timestamp")) {
                    phases.put(name.substring(0, name.length() - "_seconds".length()), value);
                }
            });
        }
        return phases;
    }

    private static void results(List<Watch> watches, java.util.function.BiConsumer<Watch, ProbeResult> each) {
        watches.forEach(w -> w.latestResults().values().forEach(r -> each.accept(w, r)));
    }
}
