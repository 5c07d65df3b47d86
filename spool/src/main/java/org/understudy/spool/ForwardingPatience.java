package org.understudy.spool;

import java.time.Duration;

/**
 * How long a message waits for what is not a matter of the next hop being busy.
 *
 * @param confirmation until a recipient that was refused for good is asked for a second and last time
 * @param lostReply until a message is sent again to whose final dot no reply was read: longer than most servers take to finish
 *     what they were doing then, since what they did finish arrives twice
 * @param fullMailbox age of a message from which a full mailbox counts as a refused recipient
 */
public record ForwardingPatience(Duration confirmation, Duration lostReply, Duration fullMailbox) {
    /** For real mail. */
    public static ForwardingPatience standard() {
        return new ForwardingPatience(Duration.ofMinutes(15), Duration.ofMinutes(10), Duration.ofDays(7));
    }

    public ForwardingPatience withLostReply(Duration delay) {
        return new ForwardingPatience(confirmation, delay, fullMailbox);
    }
}
