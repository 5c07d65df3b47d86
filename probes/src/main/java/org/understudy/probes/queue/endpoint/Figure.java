package org.understudy.probes.queue.endpoint;

/** The numbers that a page may have of a queue. */
enum Figure {
    COUNT("count"),
    BYTES("bytes"),
    OLDEST_AGE("oldestAge"),
    OLDEST_TIME("oldestTime"),
    OVERDUE("overdue");

    private final String key;

    Figure(String key) {
        this.key = key;
    }

    /** In the configuration. */
    String key() {
        return key;
    }

    /** Of two that are meant, as by metrics that differ in a label: the sum, or the one that is worse. */
    double together(double a, double b) {
        return switch (this) {
            case COUNT, BYTES -> a + b;
            case OLDEST_AGE, OVERDUE -> Math.max(a, b);
            case OLDEST_TIME -> Math.min(a, b);
        };
    }
}
