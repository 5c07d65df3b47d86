package org.understudy.spool;

/** State of a unit, that is, of one message for one recipient. */
public enum UnitState {
    /** Waits for its lane; also after a transient reply, until its next attempt is due. */
    QUEUED(false),
    /** The next hop answered 250: it is responsible now. */
    FORWARDED(true),
    /** The next hop refused for good; kept until an operator decides. Never bounced by itself. */
    QUARANTINED(false),
    /** An operator keeps it back. */
    HELD(false),
    /** Older than mail is kept by itself; waits for an operator. */
    EXPIRED(false),
    /** An operator threw it away, and said why. */
    DISCARDED(true),
    /** Given back to its sender with a notice of failure. */
    RETURNED(true);

    private final boolean terminal;

    UnitState(boolean terminal) {
        this.terminal = terminal;
    }

    /** True if nothing more will happen to the unit. */
    public boolean isTerminal() {
        return terminal;
    }

    /** True if the unit is kept until an operator decides. */
    public boolean isSetAside() {
        return !terminal && this != QUEUED;
    }
}
