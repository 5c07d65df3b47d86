package org.understudy.probes;

import java.time.Instant;
import java.util.Optional;

/** Since when a primary or gateway of a domain has answered whenever somebody looked. Thread-safe. */
@FunctionalInterface
public interface PrimarySight {

    /** Empty if none answered the last time, or nobody has looked yet. */
    Optional<Instant> upSince();
}
