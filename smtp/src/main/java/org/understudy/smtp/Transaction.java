package org.understudy.smtp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.SmtpFailure.Kind;
import org.understudy.smtp.TransactionResult.Outcome;

/** One mail transaction, from MAIL to the reply to the final dot. Used once, on the session's thread. */
final class Transaction {
    private static final Reply SERVICE_CLOSING = Reply.of(421, "");

    private final Wire wire;
    private final Capabilities capabilities;
    private final SmtpTimeouts timeouts;
    private final TranscriptRecorder recorder;
    private final Envelope envelope;
    private final MessageContent content;
    private final TransactionObserver observer;
    private final List<RecipientReply> recipients;
    private SmtpStage stage = SmtpStage.MAIL;

    Transaction(
            Wire wire,
            Capabilities capabilities,
            SmtpTimeouts timeouts,
            TranscriptRecorder recorder,
            Envelope envelope,
            MessageContent content,
            TransactionObserver observer) {
        this.wire = wire;
        this.capabilities = capabilities;
        this.timeouts = timeouts;
        this.recorder = recorder;
        this.envelope = envelope;
        this.content = content;
        this.observer = observer;
        this.recipients = new ArrayList<>(SmtpSession.unanswered(envelope));
    }

    TransactionResult run() {
        if (needsUtf8() && !capabilities.offers("SMTPUTF8")) {
            SmtpFailure failure = SmtpFailure.of(
                    SmtpStage.MAIL, Kind.PROTOCOL, "the message needs SMTPUTF8, which the server does not offer");
            return new TransactionResult(
                    Outcome.REFUSED, SmtpStage.MAIL, recipients, Optional.empty(), Optional.of(failure), true);
        }
        try {
            return capabilities.offers("PIPELINING") ? pipelined() : stepwise();
        } catch (BrokenSessionException e) {
            recorder.note(e.failure().detail());
            Outcome outcome = stage == SmtpStage.DOT ? Outcome.AMBIGUOUS : Outcome.BROKEN_BEFORE_DOT;
            return new TransactionResult(outcome, stage, recipients, Optional.empty(), Optional.of(e.failure()), false);
        }
    }

    private TransactionResult stepwise() throws BrokenSessionException {
        wire.command(SmtpStage.MAIL, mailLine(), timeouts.mail());
        wire.flush(SmtpStage.MAIL, timeouts.mail());
        Reply mail = wire.reply(SmtpStage.MAIL, timeouts.mail());
        if (!mail.isPositive()) {
            return refused(SmtpStage.MAIL, mail);
        }
        stage = SmtpStage.RCPT;
        for (int i = 0; i < envelope.recipients().size(); i++) {
            wire.command(SmtpStage.RCPT, rcptLine(i), timeouts.rcpt());
            wire.flush(SmtpStage.RCPT, timeouts.rcpt());
            if (readRcpt(i).code() == SERVICE_CLOSING.code()) {
                return closing(SmtpStage.RCPT);
            }
        }
        if (noneAccepted()) {
            return refused(SmtpStage.RCPT, lastRcptReply());
        }
        stage = SmtpStage.DATA;
        wire.command(SmtpStage.DATA, "DATA", timeouts.dataCommand());
        wire.flush(SmtpStage.DATA, timeouts.dataCommand());
        Reply data = wire.reply(SmtpStage.DATA, timeouts.dataCommand());
        return data.code() == 354 ? sendContent() : refused(SmtpStage.DATA, data);
    }

    /** RFC 2920 section 3.1: MAIL, RCPT and DATA in one group, replies read in order. */
    private TransactionResult pipelined() throws BrokenSessionException {
        wire.command(SmtpStage.MAIL, mailLine(), timeouts.mail());
        for (int i = 0; i < envelope.recipients().size(); i++) {
            wire.command(SmtpStage.RCPT, rcptLine(i), timeouts.rcpt());
        }
        wire.command(SmtpStage.DATA, "DATA", timeouts.dataCommand());
        wire.flush(SmtpStage.MAIL, timeouts.mail());
        Reply mail = wire.reply(SmtpStage.MAIL, timeouts.mail());
        if (mail.code() == SERVICE_CLOSING.code()) {
            return refusedAndOver(SmtpStage.MAIL, mail);
        }
        stage = SmtpStage.RCPT;
        for (int i = 0; i < envelope.recipients().size(); i++) {
            if (readRcpt(i).code() == SERVICE_CLOSING.code()) {
                return closing(SmtpStage.RCPT);
            }
        }
        stage = SmtpStage.DATA;
        Reply data = wire.reply(SmtpStage.DATA, timeouts.dataCommand());
        if (!mail.isPositive() || noneAccepted()) {
            boolean usable = data.code() == 354 ? emptyContent() : data.code() != SERVICE_CLOSING.code();
            SmtpStage decided = mail.isPositive() ? SmtpStage.RCPT : SmtpStage.MAIL;
            Reply reply = mail.isPositive() ? lastRcptReply() : mail;
            return result(Outcome.REFUSED, decided, reply, usable && reset());
        }
        return data.code() == 354 ? sendContent() : refused(SmtpStage.DATA, data);
    }

    private TransactionResult sendContent() throws BrokenSessionException {
        stage = SmtpStage.CONTENT;
        long begun = System.nanoTime();
        long octets = new ContentWriter(wire, timeouts.dataBlock()).send(content);
        recorder.note(octets + " octets of content");
        recorder.spent(SmtpStage.CONTENT, begun);
        observe();
        wire.write(SmtpStage.CONTENT, new byte[] {'.', '\r', '\n'}, 0, 3, timeouts.dataBlock());
        // From here on the server may have the whole message, whatever we hear of it (RFC 1047).
        stage = SmtpStage.DOT;
        recorder.client(".");
        wire.flush(SmtpStage.DOT, timeouts.dataBlock());
        Reply reply = wire.reply(SmtpStage.DOT, timeouts.finalDot());
        if (reply.isPositive()) {
            return result(Outcome.ACCEPTED, SmtpStage.DOT, reply, true);
        }
        return refused(SmtpStage.DOT, reply);
    }

    private void observe() throws BrokenSessionException {
        try {
            observer.beforeFinalDot();
        } catch (RuntimeException e) {
            throw new BrokenSessionException(SmtpFailure.of(
                    SmtpStage.CONTENT, Kind.CONTENT, "given up before the final dot: " + e.getMessage()));
        }
    }

    /** A server that said 354 without a recipient gets an empty message to refuse (RFC 2920 section 3.1). */
    private boolean emptyContent() throws BrokenSessionException {
        wire.write(SmtpStage.DATA, new byte[] {'.', '\r', '\n'}, 0, 3, timeouts.dataBlock());
        wire.flush(SmtpStage.DATA, timeouts.dataBlock());
        return wire.reply(SmtpStage.DATA, timeouts.finalDot()).code() != SERVICE_CLOSING.code();
    }

    private Reply readRcpt(int i) throws BrokenSessionException {
        Reply reply = wire.reply(SmtpStage.RCPT, timeouts.rcpt());
        recipients.set(i, new RecipientReply(envelope.recipients().get(i), Optional.of(reply)));
        return reply;
    }

    private boolean noneAccepted() {
        return recipients.stream().noneMatch(RecipientReply::isAccepted);
    }

    private Reply lastRcptReply() {
        return recipients.get(recipients.size() - 1).reply().orElse(SERVICE_CLOSING);
    }

    private TransactionResult closing(SmtpStage at) {
        Reply last = recipients.stream()
                .flatMap(r -> r.reply().stream())
                .filter(r -> r.code() == SERVICE_CLOSING.code())
                .findFirst()
                .orElse(SERVICE_CLOSING);
        return refusedAndOver(at, last);
    }

    private TransactionResult refusedAndOver(SmtpStage at, Reply reply) {
        return result(Outcome.REFUSED, at, reply, false);
    }

    private TransactionResult refused(SmtpStage at, Reply reply) {
        return result(Outcome.REFUSED, at, reply, reply.code() != SERVICE_CLOSING.code() && reset());
    }

    private boolean reset() {
        try {
            wire.command(SmtpStage.RSET, "RSET", timeouts.quit());
            wire.flush(SmtpStage.RSET, timeouts.quit());
            return wire.reply(SmtpStage.RSET, timeouts.quit()).isPositive();
        } catch (BrokenSessionException e) {
            return false;
        }
    }

    private TransactionResult result(Outcome outcome, SmtpStage at, Reply reply, boolean usable) {
        Optional<SmtpFailure> failure =
                outcome == Outcome.ACCEPTED ? Optional.empty() : Optional.of(SmtpFailure.of(at, reply));
        return new TransactionResult(outcome, at, recipients, Optional.of(reply), failure, usable);
    }

    private boolean needsUtf8() {
        return envelope.parameters().has("SMTPUTF8")
                || envelope.reversePath()
                        .mailbox()
                        .filter(Mailbox::isInternationalized)
                        .isPresent()
                || envelope.recipients().stream()
                        .anyMatch(r -> !r.path().address().chars().allMatch(c -> c < 0x80));
    }

    private String mailLine() {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (capabilities.offers("SIZE")) {
            parameters.put("SIZE", Long.toString(content.size()));
        }
        envelope.parameters().values().forEach((keyword, value) -> {
            if (isOffered(keyword)) {
                parameters.put(keyword, value);
            }
        });
        if (needsUtf8()) {
            parameters.put("SMTPUTF8", "");
        }
        return "MAIL FROM:" + envelope.reversePath() + new EsmtpParameters(parameters);
    }

    private String rcptLine(int i) {
        Recipient recipient = envelope.recipients().get(i);
        EsmtpParameters parameters = capabilities.offers("DSN") ? recipient.parameters() : EsmtpParameters.NONE;
        return "RCPT TO:" + recipient.path() + parameters;
    }

    private boolean isOffered(String keyword) {
        return switch (keyword) {
            case "BODY" -> capabilities.offers("8BITMIME");
            case "SMTPUTF8" -> capabilities.offers("SMTPUTF8");
            case "RET", "ENVID" -> capabilities.offers("DSN");
            default -> false;
        };
    }
}
