package org.understudy.probes.canary;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How well a mailbox could be read. Only a read that began after a canary was due, and covered all folders, says that the
 * canary is not there. Thread-safe.
 */
final class MailboxReads {
    private @Nullable Instant last;
    private @Nullable Instant lastButOne;
    private String trouble = "it has not been read yet";

    synchronized void succeeded(Instant begun) {
        lastButOne = last;
        last = begun;
        trouble = "";
    }

    synchronized void failed(String why) {
        trouble = why;
    }

    /** Why the last read failed, or empty if it did not. */
    synchronized String trouble() {
        return trouble;
    }

    /** True if all folders were read, beginning at this time or later. */
    synchronized boolean hasReadSince(Instant time) {
        return last != null && !last.isBefore(time);
    }

    /** True if they were read twice. */
    synchronized boolean hasReadTwiceSince(Instant time) {
        return lastButOne != null && !lastButOne.isBefore(time) && hasReadSince(time);
    }
}
