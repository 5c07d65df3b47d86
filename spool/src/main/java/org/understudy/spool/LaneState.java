package org.understudy.spool;

/** What a lane believes of its next hop. */
public enum LaneState {
    /** Mail is handed on as it comes. */
    UP,
    /** Mail is held; one cheap probe at a time asks whether the next hop is back. */
    DOWN
}
