package org.understudy.agent.bridge;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.understudy.agent.metrics.AgentMetrics;
import org.understudy.agent.storage.Results;
import org.understudy.alerts.Alerts;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Outcome;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.spool.NextHop;
import org.understudy.spool.Spool;

/** Where every result goes: into the history, the metrics and the alerts, and to the spool if it is a sign of life. Thread-safe. */
public final class ResultSink implements Consumer<ProbeResult> {
    /** What keeps mail from a primary; other findings are about one that answers. */
    private static final Set<FindingType> TROUBLE = Set.of(
            FindingType.PRIMARY_SMTP_UNREACHABLE,
            FindingType.MX_ADDRESS_PARTIALLY_UNREACHABLE,
            FindingType.SMTP_GREETING_HARD_REJECT,
            FindingType.SMTP_SERVICE_UNAVAILABLE_4XX,
            FindingType.PRIMARY_HALF_UP,
            FindingType.TLS_HANDSHAKE_FAILS);

    private final Map<String, Probe> probes;
    private final Results results;
    private final AgentMetrics metrics;
    private final FindingSignals signals;
    private final Alerts alerts;
    private final Optional<Spool> spool;
    private final Map<String, NextHop> nextHops;
    private final ClockDoubt clockDoubt = new ClockDoubt();

    /**
     * @param probes by their id
     * @param nextHops what the spool waits for, by the id of the probe that sees it
     */
    public ResultSink(
            Map<String, Probe> probes,
            Results results,
            AgentMetrics metrics,
            FindingSignals signals,
            Alerts alerts,
            Optional<Spool> spool,
            Map<String, NextHop> nextHops) {
        this.probes = Map.copyOf(probes);
        this.results = results;
        this.metrics = metrics;
        this.signals = signals;
        this.alerts = alerts;
        this.spool = spool;
        this.nextHops = Map.copyOf(nextHops);
    }

    @Override
    public void accept(ProbeResult seen) {
        Probe probe = probes.get(seen.probeId());
        if (probe == null) {
            throw new IllegalArgumentException("no probe " + seen.probeId());
        }
        if (results.latest(seen.probeId()).filter(seen::equals).isPresent()) {
            // Said before, and no second witness: a probe that others speak for repeats what it was told.
            return;
        }
        ProbeResult result = clockDoubt.about(probe, seen);
        NextHop nextHop = nextHops.get(result.probeId());
        if (nextHop != null) {
            // First: mail must not wait for what is told of it.
            spool.ifPresent(s -> tell(s, nextHop, result));
        }
        results.add(result);
        metrics.observe(probe, result);
        signals.reports(probe, result).forEach(alerts::report);
    }

    /** A probe that could not look, says nothing. */
    private static void tell(Spool spool, NextHop nextHop, ProbeResult result) {
        if (result.findings().stream().map(Finding::type).anyMatch(TROUBLE::contains)) {
            spool.signOfTrouble(nextHop, result.probeId());
        } else if (result.outcome() == Outcome.OK || result.outcome() == Outcome.FINDING) {
            spool.signOfLife(nextHop, result.probeId());
        }
    }
}
