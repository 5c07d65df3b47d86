package org.understudy.spool.forwarding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.understudy.smtp.RecipientReply;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpStage;
import org.understudy.smtp.TransactionResult;
import org.understudy.smtp.TransactionResult.Outcome;
import org.understudy.spool.Unit;

/**
 * What the end of a transaction says about each of its units. Immutable.
 *
 * @param senderAccepted true if MAIL was not refused
 * @param garbled true if the server sent what is no reply, so that replies may be out of step with commands
 * @param freezes true if the lane must not go on until a person or a pilot says so
 * @param sample one reply that stands for it all
 */
record Judgement(List<Fate> fates, boolean senderAccepted, boolean garbled, boolean freezes, String sample) {
    Judgement {
        fates = List.copyOf(fates);
    }

    static Judgement of(TransactionResult result, List<Unit> units, ReplyRules rules) {
        Ending ending = ending(result, rules);
        List<Fate> fates = new ArrayList<>();
        boolean acceptedBefore = false;
        for (int i = 0; i < units.size(); i++) {
            RecipientReply rcpt = result.recipients().get(i);
            // What was accepted at RCPT shares the end of the transaction; what was refused there has its own.
            boolean own = rcpt.reply().isPresent() && !rcpt.isAccepted();
            fates.add(own ? refused(units.get(i), rcpt, acceptedBefore, rules) : ending.of(units.get(i)));
            acceptedBefore |= rcpt.isAccepted();
        }
        boolean garbled = result.failure()
                .filter(f -> f.kind() == SmtpFailure.Kind.PROTOCOL)
                .isPresent();
        boolean senderAccepted = result.stage() != SmtpStage.MAIL;
        Judgement judgement =
                new Judgement(fates, senderAccepted, garbled, false, result.stage() + ": " + ending.words);
        return judgement
                .first(ReplyClass.PATH)
                .map(path -> judgement.freezing(path.words()))
                .orElse(judgement);
    }

    /** How the transaction as a whole ended. */
    private record Ending(ReplyClass why, String words) {
        Fate of(Unit unit) {
            return new Fate(unit, why, words);
        }
    }

    private static Ending ending(TransactionResult result, ReplyRules rules) {
        Optional<Reply> reply = result.reply();
        String words = reply.map(Reply::toString)
                .or(() -> result.failure().map(SmtpFailure::detail))
                .orElse("the session broke");
        if (result.outcome() == Outcome.ACCEPTED) {
            return new Ending(ReplyClass.ACCEPTED, words);
        } else if (result.outcome() == Outcome.AMBIGUOUS) {
            return new Ending(ReplyClass.AMBIGUOUS, "no reply to the final dot: " + words);
        } else if (reply.filter(r -> r.isPermanent() || r.isTransient()).isPresent()) {
            ReplyClass why = result.stage() == SmtpStage.RCPT
                    ? rules.atRcpt(reply.get(), false)
                    : rules.at(result.stage(), reply.get());
            return new Ending(why, words);
        }
        SmtpFailure.Kind kind = result.failure().map(SmtpFailure::kind).orElse(SmtpFailure.Kind.IO);
        return new Ending(withoutReply(kind), words);
    }

    /** RFC 5321 section 3.8: what broke before the end of the content counts as 451, and was not delivered. */
    private static ReplyClass withoutReply(SmtpFailure.Kind kind) {
        return switch (kind) {
            case UNSUPPORTED -> ReplyClass.CONTENT;
            // Ours to mend, or only the end of this session's time, or an answer to be asked for again without
            // pipelining.
            case CONTENT, DEADLINE, PROTOCOL -> ReplyClass.DEFERRED;
            default -> ReplyClass.BUSY;
        };
    }

    private static Fate refused(Unit unit, RecipientReply rcpt, boolean acceptedBefore, ReplyRules rules) {
        Reply reply = rcpt.reply().orElseThrow();
        return new Fate(unit, rules.atRcpt(reply, acceptedBefore), reply.toString());
    }

    Optional<Fate> first(ReplyClass why) {
        return fates.stream().filter(f -> f.why() == why).findFirst();
    }

    boolean has(ReplyClass why) {
        return first(why).isPresent();
    }

    /** True if any unit was refused for good, for a reason of its own. */
    boolean blamesMail() {
        return fates.stream().anyMatch(f -> f.why().blamesMail());
    }

    /** The same with other words about its units. */
    Judgement with(UnaryOperator<Fate> change) {
        return new Judgement(fates.stream().map(change).toList(), senderAccepted, garbled, freezes, sample);
    }

    Judgement freezing(String words) {
        return new Judgement(fates, senderAccepted, garbled, true, words);
    }

    Judgement notFreezing() {
        return new Judgement(fates, senderAccepted, garbled, false, sample);
    }
}
