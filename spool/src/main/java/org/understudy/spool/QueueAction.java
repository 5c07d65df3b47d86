package org.understudy.spool;

import java.util.EnumSet;
import java.util.Set;

/** What an operator can do to units that are not settled. */
public enum QueueAction {
    /** Due at once, whatever its next attempt was. */
    RETRY(UnitState.QUEUED),
    /** Kept back until it is released. */
    HOLD(UnitState.HELD),
    /** Queued again, and due at once. */
    RELEASE(UnitState.QUEUED),
    /** Thrown away; nobody is told. */
    DISCARD(UnitState.DISCARDED),
    /** Given back to the sender, who gets a notice of failure. */
    RETURN(UnitState.RETURNED);

    private final UnitState end;

    QueueAction(UnitState end) {
        this.end = end;
    }

    /** The state of the units after it. */
    public UnitState end() {
        return end;
    }

    /** The states of units that it applies to; it leaves others alone. */
    public Set<UnitState> from() {
        return switch (this) {
            case RETRY -> EnumSet.of(UnitState.QUEUED);
            case HOLD -> EnumSet.of(UnitState.QUEUED, UnitState.QUARANTINED, UnitState.EXPIRED);
            case RELEASE -> EnumSet.of(UnitState.HELD, UnitState.QUARANTINED, UnitState.EXPIRED);
            case DISCARD, RETURN ->
                EnumSet.of(UnitState.QUEUED, UnitState.HELD, UnitState.QUARANTINED, UnitState.EXPIRED);
        };
    }
}
