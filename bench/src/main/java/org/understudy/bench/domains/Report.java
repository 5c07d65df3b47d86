package org.understudy.bench.domains;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Figures with their bars, as a table and as JSON. Confined to one thread. */
final class Report {
    private final Map<String, Row> rows = new LinkedHashMap<>();

    /** @param bar that the value must not exceed; infinite for none */
    private record Row(String words, double value, String unit, double bar) {
        boolean isMissed() {
            return value > bar;
        }

        String line() {
            String limit = Double.isInfinite(bar)
                    ? ""
                    : String.format(Locale.ROOT, "(bar %s)%s", text(bar), isMissed() ? " MISSED" : "");
            return String.format(Locale.ROOT, "  %-58s %10s %-6s %s", words, text(value), unit, limit);
        }

        private static String text(double value) {
            return value == Math.rint(value) || Double.isInfinite(value)
                    ? String.format(Locale.ROOT, "%,.0f", value)
                    : String.format(Locale.ROOT, "%.2f", value);
        }
    }

    void add(String key, String words, double value, String unit) {
        add(key, words, value, unit, Double.POSITIVE_INFINITY);
    }

    void add(String key, String words, double value, String unit, double bar) {
        rows.put(key, new Row(words, value, unit, bar));
    }

    boolean isMissed() {
        return rows.values().stream().anyMatch(Row::isMissed);
    }

    String table() {
        return rows.values().stream().map(Row::line).collect(Collectors.joining("\n"));
    }

    String json() {
        return rows.entrySet().stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        "  \"%s\": {\"value\": %s, \"unit\": \"%s\", \"bar\": %s, \"missed\": %b}",
                        row.getKey(),
                        number(row.getValue().value()),
                        row.getValue().unit(),
                        number(row.getValue().bar()),
                        row.getValue().isMissed()))
                .collect(Collectors.joining(",\n", "{\n", "\n}\n"));
    }

    private static String number(double value) {
        return Double.isInfinite(value) ? "null" : String.format(Locale.ROOT, "%.4f", value);
    }
}
