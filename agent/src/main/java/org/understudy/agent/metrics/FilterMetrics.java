package org.understudy.agent.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.understudy.spool.FilterCounts;
import org.understudy.spool.Spool;

/** What the filters before the spool have made of messages. Stateless. */
final class FilterMetrics {

    private FilterMetrics() {}

    static void register(PrometheusRegistry registry, Spool spool) {
        CounterWithCallback.builder()
                .name("understudy_spool_filtered_total")
                .help("Messages that filters were asked about, by what became of them.")
                .labelNames("outcome")
                .callback(counter -> {
                    FilterCounts counts = spool.status().filtered();
                    counter.call((double) counts.clean(), "clean");
                    counter.call((double) counts.deferred(), "deferred");
                    counter.call((double) counts.marked(), "marked");
                    counter.call((double) counts.unchecked(), "unchecked");
                })
                .register(registry);
    }
}
