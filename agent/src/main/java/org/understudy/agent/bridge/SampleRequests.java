package org.understudy.agent.bridge;

import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import org.understudy.smtp.Mailbox;
import org.understudy.smtp.ReversePath;
import org.understudy.spool.RecipientRequest;

/** Recognises samples by their sender, so that filters look at them although they are for a recipient of canaries. Immutable. */
public final class SampleRequests implements Predicate<RecipientRequest> {
    private final Set<ReversePath> senders;

    /** @param senders of samples */
    public SampleRequests(Collection<Mailbox> senders) {
        this.senders = senders.stream().map(ReversePath::of).collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    @Override
    public boolean test(RecipientRequest request) {
        return senders.contains(request.reversePath());
    }
}
