package org.understudy.alerts;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The complete statement of one source at one time: every alert of this source that is not among {@code bad} is good.
 *
 * <p>A source that could not find out must not report at all. Alerts belong to the source that reported them; two
 * sources with the same key have an alert each.
 *
 * @param source stable name, for example the id of a probe
 * @param at when it was observed
 * @param bad all that is wrong, each key once
 */
public record SourceReport(String source, Instant at, List<Signal> bad) {
    public SourceReport {
        bad = List.copyOf(bad);
        Set<AlertKey> keys = new HashSet<>();
        for (Signal signal : bad) {
            if (!keys.add(signal.key())) {
                throw new IllegalArgumentException(source + " reports " + signal.key() + " twice.");
            }
        }
    }
}
