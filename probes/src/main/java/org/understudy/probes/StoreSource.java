package org.understudy.probes;

/** Where a spool can be looked at. Thread-safe. */
@FunctionalInterface
public interface StoreSource {
    /**
     * Looks now.
     *
     * @throws RuntimeException if that is not possible, with a sentence for an operator
     */
    StoreSnapshot read();
}
