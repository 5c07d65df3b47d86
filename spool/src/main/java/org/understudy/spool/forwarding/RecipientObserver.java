package org.understudy.spool.forwarding;

/** Told what next hops say of recipients. Thread-safe; must not wait. */
@FunctionalInterface
public interface RecipientObserver {
    RecipientObserver NONE = answer -> {};

    /** A next hop answered RCPT, in a delivery or because it was asked. */
    void answered(RecipientAnswer answer);
}
