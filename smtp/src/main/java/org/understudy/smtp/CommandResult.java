package org.understudy.smtp;

import java.util.Optional;

/**
 * Result of one command: a reply of any kind, or the failure that left the session unusable.
 */
public record CommandResult(Optional<Reply> reply, Optional<SmtpFailure> failure) {

    public boolean isPositive() {
        return reply.filter(Reply::isPositive).isPresent();
    }
}
