package org.understudy.spool;

/** Why a recipient was accepted although the primary was up. */
public enum OpenReason {
    /** First contacts are not deferred for this domain. */
    NOT_DEFERRED,
    /** It is not certain enough that the primary is up, or somebody sees it down. */
    NOT_CERTAIN,
    /** A canary. */
    CANARY,
    /** The null reverse-path: a failure notice, whose sender may not try again. */
    NULL_SENDER,
    /** The client is in a network that is always let in. */
    OPEN_NETWORK,
    /** The same client, sender and recipient came before and were told to wait. */
    CAME_AGAIN
}
