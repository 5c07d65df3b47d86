package org.understudy.spool;

/** Tells whether mail comes from the sender that it names. Thread-safe. */
@FunctionalInterface
public interface SenderProof {
    /** Nothing is known of any sender. */
    SenderProof NONE = message -> false;

    /**
     * True if it was seen when the message came that its reverse-path is no forgery (SPF, or DKIM that is aligned with it), and
     * that domain takes mail.
     */
    boolean isProven(QueuedMessage message);
}
