package org.understudy.spool;

import java.util.Optional;

/**
 * How much was looked at when a spool was verified.
 *
 * @param running true if a process uses the spool
 * @param segments segments read
 * @param records records in them that are whole
 * @param bytes octets read from segments and large files
 * @param messages messages found in the index and where it says that they lie
 * @param settled records of messages that are settled, given up or moved
 * @param notYetIndexed messages behind what the index has taken in; a start takes them in
 * @param largeFiles messages with a file of their own
 * @param ledger the sums of the index; empty if it cannot be read
 */
public record VerifiedCounts(
        boolean running,
        long segments,
        long records,
        long bytes,
        long messages,
        long settled,
        long notYetIndexed,
        long largeFiles,
        Optional<QueueCounts> ledger) {}
