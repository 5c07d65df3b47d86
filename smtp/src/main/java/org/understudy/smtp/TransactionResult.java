package org.understudy.smtp;

import java.util.List;
import java.util.Optional;

/**
 * How a mail transaction ended, to the exact stage.
 *
 * <p>Immutable.
 *
 * @param outcome what may be concluded about delivery to the recipients that were accepted at RCPT
 * @param stage where it ended; {@link SmtpStage#DOT} if a reply to the final dot was read or awaited
 * @param recipients one entry per recipient, in the order of the envelope
 * @param reply the reply that decided, if one did
 * @param failure why, unless accepted
 * @param sessionUsable true if another transaction may follow in the same session
 */
public record TransactionResult(
        Outcome outcome,
        SmtpStage stage,
        List<RecipientReply> recipients,
        Optional<Reply> reply,
        Optional<SmtpFailure> failure,
        boolean sessionUsable) {

    /** What may be concluded. */
    public enum Outcome {
        /** 2yz to the final dot: the server is responsible for every recipient it accepted at RCPT. */
        ACCEPTED,
        /** A reply said no, at MAIL, at every RCPT, at DATA or after the dot. Nothing was delivered. */
        REFUSED,
        /** The session broke before the final dot was completely sent. Nothing was delivered (RFC 5321 section 3.8). */
        BROKEN_BEFORE_DOT,
        /** The final dot was sent and no reply was read: delivered or not, nobody here can know (RFC 1047). */
        AMBIGUOUS
    }

    public TransactionResult {
        recipients = List.copyOf(recipients);
    }
}
