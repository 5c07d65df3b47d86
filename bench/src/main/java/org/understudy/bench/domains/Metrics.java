package org.understudy.bench.domains;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the agent says of itself, in the text format of Prometheus. Immutable. */
final class Metrics {
    private static final String BUCKET = "understudy_probe_lateness_seconds_bucket{le=\"";

    private final String text;

    Metrics(String text) {
        this.text = text;
    }

    /** The sum of all samples whose line begins so. */
    double sum(String start) {
        return sum(line -> line.startsWith(start));
    }

    /** Runs of one kind of probe, whatever came out. */
    long runs(String kind) {
        return (long)
                sum(line -> line.startsWith("understudy_probe_runs_total{") && line.contains("probe=\"" + kind + "/"));
    }

    /** Runs of all probes that came to this. */
    double outcomes(String outcome) {
        return sum(line -> line.startsWith("understudy_probe_runs_total{")
                && line.contains("outcome=\"" + outcome + "\"")
                && !line.contains("probe=\"agent/"));
    }

    private double sum(Predicate<String> wanted) {
        return text.lines()
                .filter(wanted)
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Bounds of lateness, in seconds, with how many runs began no later. */
    Map<Double, Long> lateness() {
        Map<Double, Long> buckets = new TreeMap<>();
        Stream<String> lines = text.lines().filter(line -> line.startsWith(BUCKET));
        lines.forEach(line -> {
            String bound = line.substring(BUCKET.length(), line.indexOf('"', BUCKET.length()));
            buckets.put(bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound), (long)
                    Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
        });
        return buckets;
    }

    /** The bound that this part of the runs between two moments did not exceed. */
    static double latenessBound(Metrics before, Metrics after, double part) {
        Map<Double, Long> earlier = before.lateness();
        Map<Double, Long> later = after.lateness();
        long all =
                later.getOrDefault(Double.POSITIVE_INFINITY, 0L) - earlier.getOrDefault(Double.POSITIVE_INFINITY, 0L);
        for (Map.Entry<Double, Long> bucket : later.entrySet()) {
            if (bucket.getValue() - earlier.getOrDefault(bucket.getKey(), 0L) >= part * all) {
                return bucket.getKey();
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
