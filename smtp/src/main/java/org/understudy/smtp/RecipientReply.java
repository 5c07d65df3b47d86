package org.understudy.smtp;

import java.util.Optional;

/**
 * What the server answered to one RCPT.
 *
 * @param reply empty if the session ended before it came
 */
public record RecipientReply(Recipient recipient, Optional<Reply> reply) {

    public boolean isAccepted() {
        return reply.filter(Reply::isPositive).isPresent();
    }
}
