package org.understudy.spool;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.understudy.smtp.Reply;

/**
 * What is said to a recipient, and why.
 *
 * @param refusal the reply that refuses; empty to accept
 * @param reason in plain words, for the log and for whoever asks later
 */
public record RecipientDecision(Optional<Reply> refusal, String reason) {
    private static final CompletableFuture<RecipientDecision> ACCEPTED =
            CompletableFuture.completedFuture(accept("all recipients of its domain are taken"));

    public static RecipientDecision accept(String reason) {
        return new RecipientDecision(Optional.empty(), reason);
    }

    public static RecipientDecision refuse(Reply reply, String reason) {
        return new RecipientDecision(Optional.of(reply), reason);
    }

    /** That all recipients are taken, without anything new to be made for it. */
    public static CompletableFuture<RecipientDecision> acceptedAtOnce() {
        return ACCEPTED;
    }

    public boolean isAccepted() {
        return refusal.isEmpty();
    }
}
