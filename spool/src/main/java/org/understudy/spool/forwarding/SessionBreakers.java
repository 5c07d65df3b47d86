package org.understudy.spool.forwarding;

import java.util.LinkedHashMap;
import java.util.Map;
import org.understudy.spool.QueueId;

/**
 * Messages whose content or end broke the session, time and again, while others came through between: such a message must not
 * take the lane down any more. Some servers drop the connection where others say 5xx. Forgotten at a restart.
 * Thread-safe.
 */
final class SessionBreakers {
    /** So many sessions broken are no accident. */
    static final int MOST_ACCIDENTS = 3;

    private static final int MOST_REMEMBERED = 1000;

    private record Breaks(int times, long forwarded) {}

    private final Map<QueueId, Breaks> breaks = new LinkedHashMap<>();

    /**
     * A session ended under a message.
     *
     * @param forwarded by the lane up to now: a time counts if others have come through since the one before
     * @return true if the message is at fault, and not the way
     */
    synchronized boolean broke(QueueId id, long forwarded) {
        Breaks before = breaks.remove(id);
        Breaks now = before == null
                ? new Breaks(1, forwarded)
                : new Breaks(before.times + (forwarded > before.forwarded ? 1 : 0), forwarded);
        breaks.put(id, now);
        if (breaks.size() > MOST_REMEMBERED) {
            breaks.remove(breaks.keySet().iterator().next());
        }
        return now.times >= MOST_ACCIDENTS;
    }

    synchronized void cameThrough(QueueId id) {
        breaks.remove(id);
    }
}
