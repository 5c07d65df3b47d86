package org.understudy.probes;

/** Tells a canary that is kept by our own spool from one that is lost. Thread-safe. */
@FunctionalInterface
public interface HeldMessages {

    /** Nothing is ever held. */
    HeldMessages NONE = queueId -> false;

    /** True if the spool still has the message to which it gave this queue id. */
    boolean isHeld(String queueId);
}
