package org.understudy.probes;

import java.time.Instant;
import java.util.List;

/** Which mail for a domain a backup took lately. Thread-safe. */
@FunctionalInterface
public interface BackupArrivals {

    /**
     * One message.
     *
     * @param at when it was taken
     * @param client address that brought it
     */
    record Arrival(Instant at, String client) {}

    /** The newest ones; not all if there are many. Canaries are none. */
    List<Arrival> latest();
}
