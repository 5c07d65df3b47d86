package org.understudy.spool;

/** State of a unit, that is, of one message for one recipient. */
public enum UnitState {
    /** Waits for its lane; also after a transient reply, until its next attempt is due. */
    QUEUED(false),
    /** The next hop answered 250: it is responsible now. */
    FORWARDED(true),
    /** The next hop refused for good; kept until an operator decides. Never bounced by itself. */
    QUARANTINED(false);

    private final boolean terminal;

    UnitState(boolean terminal) {
        this.terminal = terminal;
    }

    /** True if nothing more will happen to the unit. */
    public boolean isTerminal() {
        return terminal;
    }
}
