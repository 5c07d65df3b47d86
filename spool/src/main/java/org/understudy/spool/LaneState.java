package org.understudy.spool;

/** What a lane believes of its next hop. */
public enum LaneState {
    /** Mail is handed on as it comes. */
    UP,
    /** Mail is held; one cheap probe at a time asks whether the next hop is back. */
    DOWN,
    /**
     * Mail is held, because the next hop refuses it for a reason that no message is guilty of. Now and then one message finds
     * out whether that is still so.
     */
    FROZEN
}
