package org.understudy.probes;

/** What is known of one canary. */
public enum CanaryState {
    /** Made, not yet offered. */
    CREATED,
    /** Refused for good at injection. */
    REJECTED,
    /** Refused for now at injection, or the exchanger could not be reached. */
    DEFERRED,
    /** The final dot was sent and no reply was read. */
    AMBIGUOUS,
    /** Answered 250, not yet seen. */
    ACCEPTED,
    /** Answered 250 by our own spool, which still has it. */
    HELD,
    /** Found in the mailbox once. */
    SEEN,
    /** Found in the mailbox more than once. */
    DUPLICATED,
    /** A failure notice came back. */
    BOUNCED,
    /** Answered 250 and gone. */
    LOST
}
