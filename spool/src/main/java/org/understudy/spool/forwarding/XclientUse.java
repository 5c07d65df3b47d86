package org.understudy.spool.forwarding;

import java.time.Duration;

/**
 * Whether a lane names the clients of its messages to the next hop. One message may be refused for what its client is called;
 * when several in a row are, the next hop does not want it, and is left in peace for a while. Thread-safe.
 */
final class XclientUse {
    private static final int MOST_REFUSALS = 3;
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final boolean wanted;
    // Guarded by this.
    private int refusals;
    private boolean told;
    private long again;

    XclientUse(boolean wanted) {
        this.wanted = wanted;
    }

    synchronized boolean isOn() {
        return wanted && (refusals < MOST_REFUSALS || again - System.nanoTime() <= 0);
    }

    synchronized void accepted() {
        refusals = 0;
        told = false;
    }

    /** Counts a refusal; true if nobody was told since it last went well. */
    synchronized boolean refused() {
        refusals++;
        again = System.nanoTime() + PAUSE.toNanos();
        boolean news = !told;
        told = true;
        return news;
    }
}
