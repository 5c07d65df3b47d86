package org.understudy.probes.queue.listing;

import java.util.HashMap;
import java.util.Map;

/**
 * Finds the text that is said most often without keeping all of them (Misra and Gries 1982): what makes up more than one in
 * {@value #KEPT} is never missed. Confined to one thread.
 */
final class Commonest {
    private static final int KEPT = 200;

    private final Map<String, Long> counts = new HashMap<>();

    void add(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (counts.containsKey(text) || counts.size() < KEPT) {
            counts.merge(text, 1L, Long::sum);
            return;
        }
        counts.replaceAll((other, count) -> count - 1);
        counts.values().removeIf(count -> count == 0);
    }

    /** Empty if nothing was said. */
    String text() {
        return counts.entrySet().stream()
                .max(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry.<String, Long>comparingByKey().reversed()))
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
