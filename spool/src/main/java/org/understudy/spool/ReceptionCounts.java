package org.understudy.spool;

/**
 * Reception since start.
 *
 * @param sessions open now
 * @param accepted messages answered 250 after the final dot
 * @param refusedTransient commands or messages answered 4yz
 * @param refusedPermanent commands or messages answered 5yz
 */
public record ReceptionCounts(int sessions, long accepted, long refusedTransient, long refusedPermanent) {}
