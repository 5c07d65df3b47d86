package org.understudy.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * MAIL, every RCPT and DATA of one transaction, pipelined where the server offers it (RFC 2920). Used once, by one thread.
 */
final class EnvelopeExchange {

    /** A reply after which the content is not sent. */
    record Refusal(SmtpStage stage, Reply reply) {}

    // RFC 2920 section 3.1 leaves it to the client not to fill both windows: more than this many commands go in several
    // groups.
    private static final int MAX_GROUP = 100;

    private final Conversation conversation;
    private final SmtpTimeouts timeouts;
    private final boolean pipelining;
    private final Envelope envelope;
    private final List<String> commands = new ArrayList<>();
    private final List<Reply> replies = new ArrayList<>();
    /** The commands are on their way already, behind the end of the transaction before. */
    private boolean asked;

    EnvelopeExchange(
            Conversation conversation, SmtpTimeouts timeouts, Capabilities capabilities, Envelope envelope, long size) {
        this.conversation = conversation;
        this.timeouts = timeouts;
        this.pipelining = capabilities.offers("PIPELINING");
        this.envelope = envelope;
        MailParameters parameters = new MailParameters(capabilities);
        commands.add(parameters.mailCommand(envelope, size));
        envelope.recipients().forEach(r -> commands.add(parameters.rcptCommand(r)));
        commands.add("DATA");
    }

    /** True if all of it may go out behind the end of another transaction. */
    boolean mayGoAhead() {
        return pipelining && commands.size() <= MAX_GROUP;
    }

    /** Puts all of it into the buffer, to be sent with what is there; {@link #run} then only reads the replies. */
    void goAhead() throws SessionBrokenException {
        asked = true;
        for (String command : commands) {
            conversation.queue(SmtpStage.MAIL, command);
        }
    }

    /** True if it is for this envelope. */
    boolean isFor(Envelope other) {
        return envelope.equals(other);
    }

    /** Empty if the server asks for the content, for at least one recipient. */
    Optional<Refusal> run() throws SessionBrokenException {
        int groupSize = pipelining ? MAX_GROUP : 1;
        while (replies.size() < commands.size()) {
            int from = replies.size();
            Optional<Refusal> refusal = group(from, Math.min(commands.size(), from + groupSize));
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /** True if the server holds an unfinished transaction after a refusal. */
    boolean needsReset() {
        return mailAccepted();
    }

    /** What was said to each recipient; nothing if MAIL was refused, since that is what the replies are about then. */
    List<RecipientReply> recipients() {
        List<RecipientReply> result = new ArrayList<>();
        List<Recipient> recipients = envelope.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            boolean known = mailAccepted() && i + 1 < replies.size();
            result.add(
                    new RecipientReply(recipients.get(i), known ? Optional.of(replies.get(i + 1)) : Optional.empty()));
        }
        return result;
    }

    private Optional<Refusal> group(int from, int to) throws SessionBrokenException {
        if (!asked) {
            conversation.start(stage(from), timeouts.mail());
            for (String command : commands.subList(from, to)) {
                conversation.queue(stage(from), command);
            }
            conversation.flush(stage(from));
        }
        for (int i = from; i < to; i++) {
            SmtpStage stage = stage(i);
            Reply reply = conversation.receive(stage, timeout(stage));
            requireExpected(stage, reply);
            replies.add(reply);
            if (reply.code() == Conversation.SERVICE_CLOSING) {
                return Optional.of(new Refusal(stage, reply));
            }
        }
        conversation.requireInStep(stage(to - 1));
        return judge();
    }

    private void requireExpected(SmtpStage stage, Reply reply) throws SessionBrokenException {
        boolean unexpected = stage == SmtpStage.DATA ? reply.isPositive() : reply.isIntermediate();
        if (unexpected) {
            throw conversation.protocol(stage, "unexpected reply: " + reply);
        }
    }

    private Optional<Refusal> judge() throws SessionBrokenException {
        boolean complete = replies.size() == commands.size();
        boolean allRecipients = replies.size() > envelope.recipients().size();
        Optional<Refusal> refusal = Optional.empty();
        if (!mailAccepted()) {
            refusal = Optional.of(new Refusal(SmtpStage.MAIL, replies.get(0)));
        } else if (allRecipients && !anyRecipientAccepted()) {
            refusal = Optional.of(new Refusal(SmtpStage.RCPT, decisive()));
        } else if (complete && !last().isIntermediate()) {
            refusal = Optional.of(new Refusal(SmtpStage.DATA, last()));
        }
        if (refusal.isPresent() && complete && last().isIntermediate()) {
            endUnwantedContent();
        }
        return refusal;
    }

    /** RFC 2920 section 3.1: a 354 for no recipient is answered with a lone dot, and what comes then does not matter. */
    private void endUnwantedContent() throws SessionBrokenException {
        if (anyRecipientAccepted()) {
            throw conversation.protocol(SmtpStage.DATA, "354 and accepted recipients after a refused MAIL");
        }
        try {
            conversation.exchange(SmtpStage.DATA, ".", timeouts.dataCommand());
        } catch (SessionBrokenException e) {
            // The refusal stands; that the session is over is known to the conversation.
            conversation.end();
        }
    }

    private boolean mailAccepted() {
        return !replies.isEmpty() && replies.get(0).isPositive();
    }

    private boolean anyRecipientAccepted() {
        int end = Math.min(replies.size(), envelope.recipients().size() + 1);
        return replies.subList(1, end).stream().anyMatch(Reply::isPositive);
    }

    /** Of several refusals the first transient one: while one recipient may succeed later, so may the transaction. */
    private Reply decisive() {
        List<Reply> rcpt = replies.subList(1, envelope.recipients().size() + 1);
        return rcpt.stream().filter(Reply::isTransient).findFirst().orElse(rcpt.get(rcpt.size() - 1));
    }

    private Reply last() {
        return replies.get(replies.size() - 1);
    }

    private SmtpStage stage(int command) {
        if (command == 0) {
            return SmtpStage.MAIL;
        }
        return command == commands.size() - 1 ? SmtpStage.DATA : SmtpStage.RCPT;
    }

    private java.time.Duration timeout(SmtpStage stage) {
        return switch (stage) {
            case MAIL -> timeouts.mail();
            case DATA -> timeouts.dataCommand();
            default -> timeouts.rcpt();
        };
    }
}
