package org.understudy.spool;

/** What a lane believes of its next hop. */
public enum LaneState {
    /** Mail is handed on as it comes. */
    UP,
    /**
     * Something went wrong for the first time in a while, and mail waits a moment: a session that can be opened makes it up
     * again as if nothing had been, one that cannot makes it down.
     */
    SUSPECT,
    /** Mail is held; one cheap probe at a time asks whether the next hop is back. */
    DOWN,
    /**
     * Mail is handed on, but the next hop was down less than an hour ago, or mail of the outage waits still: what it says of
     * recipients may not be what it will say tomorrow.
     */
    RECOVERING,
    /**
     * Mail is held, because the next hop refuses it for a reason that no message is guilty of. Now and then one message finds
     * out whether that is still so.
     */
    FROZEN;

    /** True if mail is handed on. */
    public boolean takesMail() {
        return this == UP || this == RECOVERING;
    }

    /** True if mail is kept, and not just for a moment. */
    public boolean keepsMail() {
        return this == DOWN || this == FROZEN;
    }
}
