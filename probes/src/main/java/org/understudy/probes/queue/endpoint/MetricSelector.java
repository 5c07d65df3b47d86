package org.understudy.probes.queue.endpoint;

import java.util.Map;

/**
 * Names samples of a metrics page: a metric, and the labels that a sample must have, as {@code name{label="value"}}. Immutable.
 *
 * @param labels name to value; a sample may have more
 */
record MetricSelector(String name, Map<String, String> labels) {

    /** @throws IllegalArgumentException of one sentence if the text is none */
    static MetricSelector parse(String text) {
        MetricText scan = new MetricText(text);
        try {
            String name = scan.name();
            Map<String, String> labels = scan.peek() == '{' ? scan.labels() : Map.of();
            scan.end();
            return new MetricSelector(name, labels);
        } catch (MetricText.Unlike e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no metric: " + e.getMessage() + "; write it as name{label=\"value\"}", e);
        }
    }

    boolean matches(String sample, Map<String, String> itsLabels) {
        return sample.equals(name)
                && labels.entrySet().stream()
                        .allMatch(l -> l.getValue().equals(itsLabels.getOrDefault(l.getKey(), "")));
    }

    @Override
    public String toString() {
        return labels.isEmpty() ? name : name + labels;
    }
}
