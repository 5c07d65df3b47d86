package org.understudy.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.TransactionResult.Outcome;

/** One mail transaction, from MAIL to the reply to the final dot. Used once, by one thread. */
final class Transaction {

    private static final int BLOCK_OCTETS = 32 * 1024;

    private final Conversation conversation;
    private final SmtpTimeouts timeouts;
    private final Capabilities capabilities;
    private final Envelope envelope;
    private final MessageContent content;
    private final TransactionObserver observer;
    private final EnvelopeExchange exchange;
    private Optional<EnvelopeExchange> ahead = Optional.empty();

    Transaction(
            Conversation conversation,
            SmtpTimeouts timeouts,
            Capabilities capabilities,
            EnvelopeExchange exchange,
            Envelope envelope,
            MessageContent content,
            TransactionObserver observer) {
        this.conversation = conversation;
        this.timeouts = timeouts;
        this.capabilities = capabilities;
        this.envelope = envelope;
        this.content = content;
        this.observer = observer;
        this.exchange = exchange;
    }

    TransactionResult run() {
        if (!conversation.isOver() && new MailParameters(capabilities).lacksSmtpUtf8(envelope)) {
            SmtpFailure failure = SmtpFailure.of(
                    SmtpStage.MAIL, SmtpFailure.Kind.UNSUPPORTED, "the message needs SMTPUTF8, which is not offered");
            conversation.transcript().note(failure.toString());
            return result(Outcome.REFUSED, SmtpStage.MAIL, Optional.empty(), Optional.of(failure));
        }
        try {
            Optional<EnvelopeExchange.Refusal> refusal = exchange.run();
            if (refusal.isPresent()) {
                reset();
                return refused(refusal.get().stage(), refusal.get().reply());
            }
            Optional<Reply> early = sendContent();
            if (early.isPresent()) {
                return refused(SmtpStage.CONTENT, early.get());
            }
            prepareDot();
            ahead = followUp();
        } catch (SessionBrokenException e) {
            SmtpFailure failure = e.failure();
            return result(Outcome.BROKEN_BEFORE_DOT, failure.stage(), failure.reply(), Optional.of(failure));
        } catch (RuntimeException | Error e) {
            conversation.end();
            throw e;
        }
        return sendDot();
    }

    private void reset() {
        if (exchange.needsReset() && !conversation.isOver()) {
            try {
                conversation.exchange(SmtpStage.RSET, "RSET", timeouts.quit());
            } catch (SessionBrokenException e) {
                // The refusal stands; that the session is over is known to the conversation.
                conversation.end();
            }
        }
    }

    private Optional<Reply> sendContent() throws SessionBrokenException {
        long start = System.nanoTime();
        DotStuffer stuffer =
                new DotStuffer((b, from, length) -> conversation.write(SmtpStage.CONTENT, b, from, length));
        try (InputStream in = content.open()) {
            byte[] block = new byte[BLOCK_OCTETS];
            for (int n = in.read(block, 0, block.length); n >= 0; n = in.read(block, 0, block.length)) {
                conversation.startBlock(timeouts.dataBlock());
                stuffer.write(block, 0, n);
                if (conversation.hasUnread(SmtpStage.CONTENT)) {
                    return Optional.of(earlyReply());
                }
            }
            stuffer.finish();
        } catch (IOException | DotStuffer.BareLineEndException | RuntimeException e) {
            throw contentFailure(IoFailures.describe(e));
        } finally {
            conversation.transcript().spent(SmtpStage.CONTENT, start);
        }
        // A truncated message must not be finished as if it were whole.
        if (stuffer.taken() != content.size()) {
            throw contentFailure("the content has " + stuffer.taken() + " octets instead of " + content.size());
        }
        conversation.startBlock(timeouts.dataBlock());
        conversation.flush(SmtpStage.CONTENT);
        conversation.transcript().note(stuffer.taken() + " octets of content");
        return conversation.hasUnread(SmtpStage.CONTENT) ? Optional.of(earlyReply()) : Optional.empty();
    }

    /** A reply before the final dot can only be a refusal; taken for the reply to the dot, it could lose mail. */
    private Reply earlyReply() throws SessionBrokenException {
        Reply reply = conversation.receive(SmtpStage.CONTENT, timeouts.dataBlock());
        if (reply.isPositive() || reply.isIntermediate()) {
            throw conversation.protocol(SmtpStage.CONTENT, "reply before the end of the content: " + reply);
        }
        conversation.end();
        return reply;
    }

    private void prepareDot() throws SessionBrokenException {
        try {
            observer.beforeFinalDot();
        } catch (RuntimeException e) {
            throw contentFailure("stopped before the final dot: " + IoFailures.describe(e));
        }
        if (conversation.isDeadlinePassed()) {
            throw conversation.broken(SmtpFailure.of(
                    SmtpStage.CONTENT, SmtpFailure.Kind.DEADLINE, "the time for the whole session is over"));
        }
    }

    /** What went out behind the final dot and is to be heard next; empty if nothing did, or nothing can be heard any more. */
    Optional<EnvelopeExchange> ahead() {
        return conversation.isOver() ? Optional.empty() : ahead;
    }

    private Optional<EnvelopeExchange> followUp() throws SessionBrokenException {
        if (!capabilities.offers("PIPELINING")) {
            return Optional.empty();
        }
        try {
            return observer.followUp(exchange.recipients())
                    .filter(next -> !new MailParameters(capabilities).lacksSmtpUtf8(next.envelope()))
                    .map(next ->
                            new EnvelopeExchange(conversation, timeouts, capabilities, next.envelope(), next.size()))
                    .filter(EnvelopeExchange::mayGoAhead);
        } catch (RuntimeException e) {
            throw contentFailure("stopped before the final dot: " + IoFailures.describe(e));
        }
    }

    private TransactionResult sendDot() {
        Reply reply;
        try {
            conversation.startBlock(timeouts.dataBlock());
            conversation.queue(SmtpStage.DOT, ".");
            if (ahead.isPresent()) {
                ahead.get().goAhead();
            }
            conversation.flush(SmtpStage.DOT);
            reply = conversation.receive(SmtpStage.DOT, timeouts.finalDot());
            if (reply.isIntermediate()) {
                throw conversation.protocol(SmtpStage.DOT, "unexpected reply: " + reply);
            }
        } catch (SessionBrokenException e) {
            return result(Outcome.AMBIGUOUS, SmtpStage.DOT, Optional.empty(), Optional.of(e.failure()));
        }
        if (reply.isPositive()) {
            return result(Outcome.ACCEPTED, SmtpStage.DOT, Optional.of(reply), Optional.empty());
        }
        return refused(SmtpStage.DOT, reply);
    }

    private SessionBrokenException contentFailure(String detail) {
        return conversation.broken(SmtpFailure.of(SmtpStage.CONTENT, SmtpFailure.Kind.CONTENT, detail));
    }

    private TransactionResult refused(SmtpStage stage, Reply reply) {
        return result(Outcome.REFUSED, stage, Optional.of(reply), Optional.of(SmtpFailure.of(stage, reply)));
    }

    private TransactionResult result(
            Outcome outcome, SmtpStage stage, Optional<Reply> reply, Optional<SmtpFailure> failure) {
        List<RecipientReply> recipients = exchange.recipients();
        return new TransactionResult(outcome, stage, recipients, reply, failure, !conversation.isOver());
    }
}
