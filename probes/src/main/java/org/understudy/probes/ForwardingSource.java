package org.understudy.probes;

/** Where the way from a backup to its next hop can be looked at. Thread-safe. */
@FunctionalInterface
public interface ForwardingSource {

    ForwardingSnapshot read();
}
