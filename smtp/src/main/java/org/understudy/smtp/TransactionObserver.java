package org.understudy.smtp;

/** Told by a session of the one moment that decides about duplicates. */
@FunctionalInterface
public interface TransactionObserver {

    /** Does nothing. */
    TransactionObserver NONE = () -> {};

    /**
     * Called on the session's thread when all content was sent and the final dot is next. What it throws ends the
     * transaction before the dot, and the session with it.
     */
    void beforeFinalDot();
}
