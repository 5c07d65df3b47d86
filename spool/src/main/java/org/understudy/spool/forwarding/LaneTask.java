package org.understudy.spool.forwarding;

import org.understudy.spool.QueuedMessage;

/** What a worker is to do next. */
sealed interface LaneTask {
    /**
     * Hand a message on.
     *
     * @param pilot true if the lane is frozen, and this is to find out whether it must be
     */
    record Forward(QueuedMessage message, boolean pilot) implements LaneTask {}

    /** Find out whether the next hop is back. */
    record Probe() implements LaneTask {}

    /** Close the session and wait; a server need not keep an idle one. */
    record Rest() implements LaneTask {}

    /** End. */
    record Stop() implements LaneTask {}
}
