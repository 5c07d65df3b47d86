package org.understudy.spool;

/**
 * Reception since start.
 *
 * @param sessions open now
 * @param accepted messages stored and answered 250 after the final dot
 * @param collapsed messages answered 250 and not stored again, because a sender that had missed our 250 repeated them
 * @param refusedTransient commands or messages answered 4yz
 * @param refusedPermanent commands or messages answered 5yz
 */
public record ReceptionCounts(
        int sessions, long accepted, long collapsed, long refusedTransient, long refusedPermanent) {}
