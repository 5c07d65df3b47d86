package org.understudy.probes;

import org.understudy.smtp.DomainName;

/** Takes samples out of a queue of our own again, where nobody needs them. Thread-safe. */
@FunctionalInterface
public interface SampleDisposal {

    /** Leaves all where they are. */
    SampleDisposal NONE = (host, queueId) -> {};

    /**
     * Discards a sample, if the host is ours and still has it.
     *
     * @param queueId by which the host said that it knows it
     */
    void discard(DomainName host, String queueId);
}
