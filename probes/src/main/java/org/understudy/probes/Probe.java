package org.understudy.probes;

import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** One question about one mail domain. Implementations are thread-safe; the scheduler never runs the same probe twice at once. */
public interface Probe {

    /** Stable identity, for example {@code smtp/example.org/mx1.example.org}. */
    String id();

    /**
     * First part of the id: {@code dns}, {@code smtp}, {@code answers}, {@code parity}, {@code canary}, {@code content},
     * {@code queue}.
     */
    default String kind() {
        return id().substring(0, id().indexOf('/'));
    }

    DomainName domain();

    /**
     * True while others are where this one wants to look, so that a run would only wait for its turn. Quick, and no promise: whoever
     * runs it all the same, waits.
     */
    default boolean hasToWait() {
        return false;
    }

    /** Looks now. Never throws: whatever goes wrong on our side is {@link Outcome#UNKNOWN} with its cause. */
    ProbeResult run(Deadline deadline);
}
