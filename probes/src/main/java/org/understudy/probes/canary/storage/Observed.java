package org.understudy.probes.canary.storage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a message showed when it was found, beside the way it took. Immutable.
 *
 * @param values by a name without a space
 */
public record Observed(Map<String, String> values) {
    public static final Observed NOTHING = new Observed(Map.of());
    private static final int MAX_LENGTH = 500;

    public Observed {
        Map<String, String> clean = new LinkedHashMap<>();
        values.forEach((name, value) -> clean.put(clean(name).replace(' ', '_'), clean(value)));
        values = Collections.unmodifiableMap(clean);
    }

    private static String clean(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) : line;
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String text() {
        return values.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining("\n"));
    }

    static Observed parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                values.put(line.substring(0, space), line.substring(space + 1));
            }
        });
        return new Observed(values);
    }
}
