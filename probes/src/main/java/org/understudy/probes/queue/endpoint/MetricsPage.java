package org.understudy.probes.queue.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import org.understudy.probes.queue.Lines;
import org.understudy.probes.queue.Words;

/**
 * The text format of Prometheus, line by line. Where several samples fit, their counts are added, and the oldest of them counts.
 * Immutable.
 *
 * @param wanted which samples are which number
 */
record MetricsPage(Map<Figure, MetricSelector> wanted) implements PageFormat {
    private static final int LONGEST_LINE = 64 * 1024;
    private static final long LARGEST = 64L * 1024 * 1024;

    /** @throws IllegalArgumentException if a text names no metric */
    static MetricsPage of(Map<Figure, String> names) {
        Map<Figure, MetricSelector> wanted = new EnumMap<>(Figure.class);
        names.forEach((figure, name) -> {
            try {
                wanted.put(figure, MetricSelector.parse(name));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(figure.key() + ": " + e.getMessage(), e);
            }
        });
        return new MetricsPage(wanted);
    }

    @Override
    public Map<Figure, Double> read(InputStream in) throws IOException {
        Map<Figure, Double> found = new EnumMap<>(Figure.class);
        Lines lines = new Lines(in, LONGEST_LINE);
        for (String line = lines.next(); line != null; line = lines.next()) {
            String sample = line.strip();
            if (!sample.isEmpty() && !sample.startsWith("#")) {
                look(sample, found);
            }
        }
        return found;
    }

    private void look(String sample, Map<Figure, Double> found) throws IOException {
        MetricText scan = new MetricText(sample);
        try {
            String name = scan.name();
            Map<String, String> labels = scan.peek() == '{' ? scan.labels() : Map.of();
            double number = scan.number();
            wanted.forEach((figure, selector) -> {
                if (selector.matches(name, labels) && !Double.isNaN(number)) {
                    found.merge(figure, number, figure::together);
                }
            });
        } catch (MetricText.Unlike e) {
            throw new Page.Refused("has no metrics: in \"" + Words.brief(sample) + "\" " + e.getMessage());
        }
    }

    @Override
    public long largest() {
        return LARGEST;
    }
}
