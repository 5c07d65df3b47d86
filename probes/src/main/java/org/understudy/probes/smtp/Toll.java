package org.understudy.probes.smtp;

import java.util.Optional;
import org.understudy.smtp.Reply;

/**
 * What one session asked of a server's patience. Immutable.
 *
 * @param unknownRecipients RCPT with recipients who do not exist
 * @param errors commands that it refused, for now or for good
 * @param dismissal the 421 by which it ended the session, if it did
 */
record Toll(int unknownRecipients, int errors, Optional<Reply> dismissal) {
    static final Toll NONE = new Toll(0, 0, Optional.empty());

    Toll withUnknownRecipient() {
        return new Toll(unknownRecipients + 1, errors, dismissal);
    }

    /** With one more reply. */
    Toll with(Reply reply) {
        return new Toll(
                unknownRecipients,
                reply.isPositive() ? errors : errors + 1,
                reply.code() == 421 ? Optional.of(reply) : dismissal);
    }
}
