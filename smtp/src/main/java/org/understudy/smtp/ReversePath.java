package org.understudy.smtp;

import java.util.Optional;

/**
 * The argument of MAIL: where failure notices go, or the null reverse-path {@code <>} (RFC 5321 sections 4.1.1.2 and 4.5.5).
 *
 * <p>Immutable.
 *
 * @param mailbox empty for the null reverse-path
 */
public record ReversePath(Optional<Mailbox> mailbox) {

    /** {@code <>}: mail that must never cause a notification. */
    public static final ReversePath NULL = new ReversePath(Optional.empty());

    public static ReversePath of(Mailbox mailbox) {
        return new ReversePath(Optional.of(mailbox));
    }

    public boolean isNull() {
        return mailbox.isEmpty();
    }

    /** With angle brackets, as MAIL wants it. */
    @Override
    public String toString() {
        return mailbox.map(m -> "<" + m + ">").orElse("<>");
    }
}
