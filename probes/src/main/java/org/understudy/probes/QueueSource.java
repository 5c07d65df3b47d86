package org.understudy.probes;

/** Where a queue can be looked at: the bundled spool, later other servers too. Thread-safe. */
@FunctionalInterface
public interface QueueSource {

    QueueSnapshot read();
}
