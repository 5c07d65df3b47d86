package org.understudy.spool;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Reply;

/**
 * Decides at RCPT. Thread-safe. A backup may answer 5yz only where the primary certainly would.
 *
 * <p>It is asked on a thread that serves many sessions, so it must not block: what has to be waited for is the future.
 */
@FunctionalInterface
public interface RecipientPolicy {

    /** What to say to a recipient; may be completed by any thread. A failure is answered 451. */
    CompletableFuture<RecipientDecision> decide(RecipientRequest request);

    /**
     * The policy that looks at the address alone and needs to ask nobody.
     *
     * @param refusal empty to accept, else the reply that refuses
     */
    static RecipientPolicy byAddress(Function<ForwardPath, Optional<Reply>> refusal) {
        return request -> {
            Optional<Reply> refused = refusal.apply(request.recipient());
            return refused.map(reply ->
                            CompletableFuture.completedFuture(RecipientDecision.refuse(reply, "by its address")))
                    .orElseGet(RecipientDecision::acceptedAtOnce);
        };
    }
}
