package org.understudy.smtp;

import java.util.List;
import java.util.Optional;

/** Told by a session of the one moment that decides about duplicates, and asked then what comes next. */
@FunctionalInterface
public interface TransactionObserver {

    /** Does nothing. */
    TransactionObserver NONE = () -> {};

    /**
     * Called on the session's thread when all content was sent and the final dot is next. What it throws ends the
     * transaction before the dot, and the session with it.
     */
    void beforeFinalDot();

    /**
     * Called on the session's thread right after that, if the server takes commands in groups. The envelope of the message that
     * is named goes out behind the final dot (RFC 2920 section 3.1), which saves a round trip. What is asked of the session next
     * must be to send that message, or to close.
     *
     * @param recipients what the server said to the recipients of this transaction
     */
    default Optional<FollowUp> followUp(List<RecipientReply> recipients) {
        return Optional.empty();
    }
}
