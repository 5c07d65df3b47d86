package org.understudy.spool.reception;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Capabilities;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.PathCommand;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.spool.Origin;
import org.understudy.spool.RecipientDecision;
import org.understudy.spool.RecipientRequest;

/** A mail transaction, from an accepted MAIL to its end (RFC 5321 section 3.3). Confined to the session's event loop. */
final class Transaction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private final Reception reception;
    private final Session session;
    private final PathCommand.Mail mail;
    private final boolean internationalized;
    private final OptionalLong declaredBytes;
    private final List<Recipient> recipients = new ArrayList<>();
    /** What the next hops of the recipients take, who are alike in that. */
    private long nextHopBytes;

    private @Nullable ChunkedContent chunks;

    private Transaction(Reception reception, Session session, PathCommand.Mail mail) {
        this.reception = reception;
        this.session = session;
        this.mail = mail;
        this.internationalized = mail.parameters().has(Parameters.SMTPUTF8);
        this.declaredBytes = Parameters.size(mail.parameters());
    }

    /** What came of MAIL: one of the two. */
    record Beginning(Optional<Transaction> transaction, Reply reply) {
        private static Beginning refused(Reply reply) {
            return new Beginning(Optional.empty(), reply);
        }
    }

    static Beginning begin(Reception reception, Session session, String argument, Offer offer) {
        PathCommand.Mail mail;
        try {
            mail = PathCommand.parseMail(argument);
        } catch (SmtpSyntaxException e) {
            return Beginning.refused(Replies.syntax(e.reason()));
        }
        Optional<Reply> refusal = Parameters.refuseMail(mail.parameters(), offer);
        if (refusal.isPresent()) {
            return Beginning.refused(refusal.get());
        }
        Transaction transaction = new Transaction(reception, session, mail);
        boolean nonAscii = mail.reversePath()
                .mailbox()
                .filter(m -> m.isInternationalized())
                .isPresent();
        return nonAscii && !transaction.internationalized
                ? Beginning.refused(Replies.SENDER_NEEDS_SMTPUTF8)
                : new Beginning(Optional.of(transaction), Replies.SENDER_OK);
    }

    /** The reply to RCPT, on the session's event loop; never a failure. */
    CompletableFuture<Reply> addRecipient(String argument) {
        Recipient recipient;
        try {
            recipient = PathCommand.parseRcpt(argument);
        } catch (SmtpSyntaxException e) {
            return done(refusalOfMore().orElseGet(() -> Replies.syntax(e.reason())));
        }
        Optional<Reply> refusal = refusalOfMore().or(() -> refusalOfForm(recipient));
        return refusal.isPresent() ? done(refusal.get()) : decide(recipient);
    }

    /** Why no further recipient is taken, whoever it is. */
    private Optional<Reply> refusalOfMore() {
        if (chunks != null) {
            return Optional.of(Replies.CONTENT_HAS_BEGUN);
        }
        return recipients.size() >= reception.settings().maximumRecipients()
                ? Optional.of(Replies.TOO_MANY_RECIPIENTS)
                : Optional.empty();
    }

    private Optional<Reply> refusalOfForm(Recipient recipient) {
        return !internationalized && !isAscii(recipient.path().address())
                ? Optional.of(Replies.RECIPIENT_NEEDS_SMTPUTF8)
                : Parameters.refuseRcpt(recipient.parameters(), internationalized);
    }

    /** The policy may have to ask somebody; nothing else happens in the session meanwhile. */
    private CompletableFuture<Reply> decide(Recipient recipient) {
        CompletableFuture<RecipientDecision> decided =
                reception.policy().decide(new RecipientRequest(recipient.path(), mail.reversePath(), session.client()));
        return decided.isDone() && !decided.isCompletedExceptionally()
                ? done(conclude(recipient, decided.join()))
                : decided.handleAsync((decision, failure) -> conclude(recipient, decision, failure), session.loop());
    }

    private Reply conclude(Recipient recipient, @Nullable RecipientDecision decision, @Nullable Throwable failure) {
        if (decision == null) {
            LOG.error("unforeseen in the recipient policy", failure);
            return Replies.LOCAL_ERROR;
        }
        return conclude(recipient, decision);
    }

    private Reply conclude(Recipient recipient, RecipientDecision decision) {
        Optional<Reply> refusal = decision.refusal().or(() -> refusalOfNextHop(recipient.path()));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        recipients.add(recipient);
        return Replies.RECIPIENT_OK;
    }

    private static CompletableFuture<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    /** What the next hop of a recipient would say to this message, as far as both are known. */
    private Optional<Reply> refusalOfNextHop(ForwardPath path) {
        Optional<Capabilities> known = reception.nextHops().of(path);
        if (internationalized) {
            if (known.isEmpty()) {
                return Optional.of(Replies.SMTPUTF8_NOT_KNOWN);
            }
            if (!known.get().offers(Parameters.SMTPUTF8)) {
                return Optional.of(Replies.SMTPUTF8_NOT_TAKEN);
            }
        }
        long limit = nextHopBytes(known);
        if (declaredBytes.isPresent() && declaredBytes.getAsLong() > limit) {
            return Optional.of(Replies.TOO_BIG);
        }
        if (!recipients.isEmpty() && limit != nextHopBytes) {
            // One reply to the content cannot be right for both.
            return Optional.of(Replies.SEND_SEPARATELY);
        }
        nextHopBytes = limit;
        return Optional.empty();
    }

    /** A limit beyond our own, which all that we accept keeps, is none. */
    private long nextHopBytes(Optional<Capabilities> known) {
        long limit = Offer.maximumBytes(known);
        return limit - TraceField.MAX_OCTETS < reception.settings().maximumMessageBytes() ? limit : Long.MAX_VALUE;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Why content may not come now. */
    Optional<Reply> refusalOfContent() {
        return recipients.isEmpty() ? Optional.of(Replies.NO_RECIPIENTS) : Optional.empty();
    }

    /** True once a chunk was accepted. */
    boolean hasChunks() {
        return chunks != null;
    }

    /** True if it was begun with SMTPUTF8 (RFC 6531). */
    boolean isInternationalized() {
        return internationalized;
    }

    /** Begins to take the content. */
    ContentReception receive(Origin origin) {
        Envelope envelope = new Envelope(mail.reversePath(), mail.parameters().without(Parameters.SIZE), recipients);
        return new ContentReception(reception, envelope, origin, nextHopBytes);
    }

    /** The chunks until now, which are none at the first call. */
    ChunkedContent chunks(Origin origin) {
        ChunkedContent open = chunks;
        if (open == null) {
            open = new ChunkedContent(receive(origin));
            chunks = open;
        }
        return open;
    }

    /** The connection ended in the middle of its chunks. */
    void abandon() {
        if (chunks != null) {
            chunks.abandon();
        }
    }

    /** Forgets what is not stored. */
    @Override
    public void close() {
        if (chunks != null) {
            chunks.close();
        }
    }
}
