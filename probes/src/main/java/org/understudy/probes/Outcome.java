package org.understudy.probes;

/** What one run of a probe came to. */
public enum Outcome {
    /** Looked, and all is as it should be. */
    OK,
    /** Looked, and something is wrong; there is at least one finding. */
    FINDING,
    /**
     * Could not look properly: our resolver, our network, our mailbox login. Says nothing about the domain, so it never
     * opens and never resolves an alert about it.
     */
    UNKNOWN,
    /** Did not look, because another probe already answers for the reason or because the operator paused it. */
    SKIPPED
}
