package org.understudy.probes;

import java.util.List;
import java.util.Optional;
import org.understudy.smtp.Mailbox;

/**
 * What the exchangers of a domain are meant to answer. What is declared is never reported.
 *
 * @param catchAll true if the primary delivers to any recipient, false if it does not; empty if nothing is said of it
 * @param defersWhilePrimaryUp true if backups put mail off on purpose while the primary is up
 * @param holdsUnknownRecipients true if backups take mail for recipients whom they do not know, and never return what the primary
 *     then refuses
 * @param takesSubmission true if users hand in their own mail at the backups
 * @param validRecipients addresses that every exchanger must take, the most important first
 */
public record SmtpIntent(
        Optional<Boolean> catchAll,
        boolean defersWhilePrimaryUp,
        boolean holdsUnknownRecipients,
        boolean takesSubmission,
        List<Mailbox> validRecipients) {
    /** Nothing out of the ordinary, and no recipient known. */
    public static final SmtpIntent STANDARD = new SmtpIntent(Optional.empty(), false, false, false, List.of());

    public SmtpIntent {
        validRecipients = List.copyOf(validRecipients);
    }

    /** The same with these recipients. */
    public SmtpIntent withValidRecipients(List<Mailbox> recipients) {
        return new SmtpIntent(catchAll, defersWhilePrimaryUp, holdsUnknownRecipients, takesSubmission, recipients);
    }

    /** The same for backups that return nothing. */
    public SmtpIntent holdingUnknownRecipients() {
        return new SmtpIntent(catchAll, defersWhilePrimaryUp, true, takesSubmission, validRecipients);
    }
}
