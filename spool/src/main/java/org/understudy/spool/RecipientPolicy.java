package org.understudy.spool;

import java.util.Optional;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Reply;

/** Decides at RCPT. Thread-safe. A backup may answer 5yz only where the primary certainly would. */
@FunctionalInterface
public interface RecipientPolicy {

    /** Empty to accept, else the reply that refuses. */
    Optional<Reply> refusal(ForwardPath recipient);
}
