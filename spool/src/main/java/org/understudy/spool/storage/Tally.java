package org.understudy.spool.storage;

import java.util.Optional;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.VerifiedCounts;

/** Counts while a spool is verified. Confined to one thread. */
final class Tally {
    boolean running;
    long segments;
    long records;
    long bytes;
    long messages;
    long settled;
    long notYetIndexed;
    long largeFiles;
    Optional<QueueCounts> ledger = Optional.empty();

    VerifiedCounts counts() {
        return new VerifiedCounts(
                running, segments, records, bytes, messages, settled, notYetIndexed, largeFiles, ledger);
    }
}
