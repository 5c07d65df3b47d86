package org.understudy.agent.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import org.understudy.spool.RecipientCounts;
import org.understudy.spool.Spool;

/** What the spool knows of recipients, and what comes in while the primary is up. Stateless. */
final class RecipientMetrics {

    private RecipientMetrics() {}

    static void register(PrometheusRegistry registry, Spool spool) {
        GaugeWithCallback.builder()
                .name("understudy_spool_recipients")
                .help("Addresses that the primary is known to take or to refuse.")
                .labelNames("standing")
                .callback(gauge -> {
                    RecipientCounts counts = spool.status().recipients();
                    gauge.call((double) counts.known(), "known");
                    gauge.call((double) counts.refused(), "refused");
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("understudy_spool_callouts_total")
                .help("Questions to a primary about a recipient, by whether the answer said anything of it.")
                .labelNames("answered")
                .callback(counter -> {
                    RecipientCounts counts = spool.status().recipients();
                    counter.call((double) (counts.callouts() - counts.calloutsFailed()), "yes");
                    counter.call((double) counts.calloutsFailed(), "no");
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("understudy_spool_deferred_while_up_total")
                .help("First contacts that were sent to the primary, which was up.")
                .callback(counter ->
                        counter.call((double) spool.status().recipients().deferredWhileUp()))
                .register(registry);
        CounterWithCallback.builder()
                .name("understudy_spool_accepted_while_up_total")
                .help("Recipients accepted although the primary was up, by the reason.")
                .labelNames("reason")
                .callback(counter -> spool.status()
                        .recipients()
                        .acceptedWhileUp()
                        .forEach((reason, count) ->
                                counter.call((double) count, reason.name().toLowerCase(Locale.ROOT))))
                .register(registry);
    }
}
