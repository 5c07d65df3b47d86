package org.understudy.spool;

/**
 * Which notices the senders of a domain's mail get by themselves, if it is proven that they are the senders. What the next hop
 * refused is never among it: that waits for an operator.
 */
public enum NoticePolicy {
    /** None: mail is kept, and the operator decides. */
    NEVER,
    /** Mail that expires is returned. */
    EXPIRED,
    /** And once, after four hours, the sender is told that it waits. */
    ALL
}
