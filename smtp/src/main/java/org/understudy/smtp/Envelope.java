package org.understudy.smtp;

import java.util.List;

/**
 * What MAIL and RCPT say about a message (RFC 5321 section 2.3.1), apart from its content.
 *
 * <p>Immutable.
 *
 * @param reversePath argument of MAIL
 * @param parameters parameters of MAIL, without SIZE (the sender of the moment computes it)
 * @param recipients at least one
 */
public record Envelope(ReversePath reversePath, EsmtpParameters parameters, List<Recipient> recipients) {

    public Envelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an envelope has at least one recipient");
        }
    }

    public static Envelope of(ReversePath reversePath, ForwardPath recipient) {
        return new Envelope(reversePath, EsmtpParameters.NONE, List.of(Recipient.of(recipient)));
    }
}
