package org.understudy.spool.forwarding;

import java.util.List;
import java.util.Set;
import org.understudy.smtp.EnhancedStatusCode;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.RecipientReply;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.TransactionResult;
import org.understudy.spool.NextHop;

/**
 * What a next hop answered to RCPT, and what that says of the recipient.
 *
 * @param callout true if it was only asked, with nothing to deliver
 */
public record RecipientAnswer(NextHop nextHop, ForwardPath recipient, Meaning meaning, Reply reply, boolean callout) {

    /** What an answer says of the recipient. */
    public enum Meaning {
        /** It takes mail for it. */
        TAKEN,
        /** There is no such recipient, for anybody. */
        UNKNOWN,
        /** There may be such a recipient, but not now. */
        DEFERRED,
        /** Nothing: it is about us, about the message, or about nothing that can be told. */
        INCONCLUSIVE
    }

    /** RFC 3463 section 3.2: no such mailbox, bad syntax of it, moved without a trace, no longer taken by Exchange. */
    private static final Set<Integer> NO_SUCH_MAILBOX = Set.of(1, 3, 6, 10);

    private static final int CANNOT_VERIFY = 252;
    private static final int SERVICE_CLOSING = 421;

    /** Of the answer to a question that was asked in that session. */
    public static RecipientAnswer toCallout(
            NextHop nextHop, ForwardPath recipient, Reply reply, Connector connector, SmtpSession session) {
        ReplyRules rules = new ReplyRules(connector.ourselves(session), false, false);
        return new RecipientAnswer(nextHop, recipient, meaning(reply, rules, false), reply, true);
    }

    /** Tells of every recipient of a transaction that was answered. */
    static void tell(RecipientObserver observer, NextHop nextHop, TransactionResult result, ReplyRules rules) {
        if (observer == RecipientObserver.NONE) {
            return;
        }
        boolean acceptedBefore = false;
        List<RecipientReply> recipients = result.recipients();
        for (RecipientReply said : recipients) {
            if (said.reply().isPresent()) {
                Reply reply = said.reply().get();
                observer.answered(new RecipientAnswer(
                        nextHop, said.recipient().path(), meaning(reply, rules, acceptedBefore), reply, false));
            }
            acceptedBefore |= said.isAccepted();
        }
    }

    private static Meaning meaning(Reply reply, ReplyRules rules, boolean acceptedBefore) {
        if (reply.isPositive()) {
            return reply.code() == CANNOT_VERIFY ? Meaning.INCONCLUSIVE : Meaning.TAKEN;
        }
        if (!reply.isTransient() && !reply.isPermanent()) {
            return Meaning.INCONCLUSIVE;
        }
        return switch (rules.atRcpt(reply, acceptedBefore)) {
            case DEFERRED, MAILBOX_FULL -> Meaning.DEFERRED;
            case RECIPIENT -> isNoSuchMailbox(reply) ? Meaning.UNKNOWN : Meaning.INCONCLUSIVE;
            default -> Meaning.INCONCLUSIVE;
        };
    }

    /** Not every refusal for the recipient's sake means that nobody is there: it may be the sender whom he does not want. */
    private static boolean isNoSuchMailbox(Reply reply) {
        // Many servers give no enhanced codes.
        return reply.enhancedCode().isEmpty()
                || reply.enhancedCode().filter(RecipientAnswer::isNoSuchMailbox).isPresent();
    }

    private static boolean isNoSuchMailbox(EnhancedStatusCode code) {
        boolean disabled = code.subject() == 2 && code.detail() == 1;
        return disabled || (code.subject() == 1 && NO_SUCH_MAILBOX.contains(code.detail()));
    }

    /** {@code mx1.example.org:25 said 250 2.1.5 Ok}. */
    public String words() {
        return nextHop + " said " + reply;
    }

    /** True if the next hop is there, and in a state to answer. */
    public boolean isSignOfLife() {
        return reply.code() != SERVICE_CLOSING;
    }
}
