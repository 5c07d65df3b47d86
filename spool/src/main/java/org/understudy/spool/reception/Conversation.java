package org.understudy.spool.reception;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Reply;
import org.understudy.spool.Origin;
import org.understudy.spool.ReceptionSettings;

/**
 * What is said in one session, from the greeting to its end. Confined to the session's event loop.
 */
final class Conversation {
    /** Since the last message was accepted. */
    private static final int MOST_ERRORS = 20;
    /** In a row, besides as many RCPT as a transaction may have, which may all be refused. */
    private static final int MOST_IDLE_COMMANDS = 100;

    private static final long NO_CONTENT = Long.MAX_VALUE;

    private final Reception reception;
    private final ReceptionSettings settings;
    private final Session session;
    private final Connection connection;
    private final Lifetime lifetime;
    private final MailCommands mail;
    private final long timeout;
    private final long nanosPerOctet;

    private String heloName = "";
    private boolean esmtp;
    private Optional<String> tlsProtocol = Optional.empty();
    private int errors;
    private int idleCommands;
    /** When the last command was answered, on the scale of the lifetime. */
    private long waitsSince;
    /** The line that is coming is longer than any may be. */
    private boolean lineTooLong;
    /** Commands and content that were taken; time to wait begins anew with each. */
    private boolean progress = true;
    /** Until when content must go on; further content puts it off. */
    private long contentBy = NO_CONTENT;

    /** What the session waits for: that content is durable, or that it is known what to say to a recipient. */
    private @Nullable CompletableFuture<Void> underWay;

    private @Nullable Reply lastWord;
    private boolean over;
    private boolean gone;

    Conversation(Reception reception, Session session, Connection connection) {
        this.reception = reception;
        this.settings = reception.settings();
        this.session = session;
        this.connection = connection;
        this.lifetime = session.lifetime();
        this.mail = new MailCommands(reception, session);
        this.timeout = settings.sessions().commandTimeout().toNanos();
        this.nanosPerOctet =
                Duration.ofSeconds(1).toNanos() / settings.sessions().minimumContentRate();
    }

    /** Begins the dialogue. */
    void greet() {
        connection.say(Replies.greeting(settings.hostName().text()));
        connection.sendReplies();
    }

    /** Octets came: so the client has read our last replies, as far as they were sent before. */
    void came() {
        mail.confirmReceipts();
    }

    /** Takes commands and content. */
    int take(byte[] octets, int from, int to) {
        if (!mail.isOpen() && !lifetime.endIdle()) {
            // Only the last word is left to be said.
            return to;
        }
        int at = from;
        while (at < to && connection.mayGoOn() && !over) {
            int before = at;
            at = mail.takesContent() ? takeContent(octets, at, to) : takeCommand(octets, at, to);
            if (at == before) {
                return at;
            }
        }
        return over ? to : at;
    }

    private int takeContent(byte[] octets, int from, int to) {
        int end = mail.take(octets, from, to);
        contentBy = Math.min(lifetime.now() + timeout, contentBy + (end - from) * nanosPerOctet);
        progress = true;
        conclude();
        return end;
    }

    private int takeCommand(byte[] octets, int from, int to) {
        int lineFeed = from;
        while (lineFeed < to && octets[lineFeed] != '\n') {
            lineFeed++;
        }
        if (lineFeed == to) {
            lineTooLong |= to - from > CommandLine.MAX_OCTETS;
            return lineTooLong ? to : from;
        }
        CommandLine line = lineTooLong ? CommandLine.TOO_LONG : CommandLine.decode(octets, from, lineFeed);
        lineTooLong = false;
        progress = true;
        handle(line, lineFeed + 1 == to);
        return lineFeed + 1;
    }

    /** Replies to content that came whole, when it is known what became of it. */
    private void conclude() {
        CompletableFuture<Completion> outcome = mail.outcome();
        if (outcome != null) {
            whenDone(outcome, this::conclude);
        }
    }

    /** Goes on with the outcome, now or when it is there; nothing is taken from the client meanwhile. */
    private <T> void whenDone(CompletableFuture<T> outcome, Consumer<T> then) {
        if (outcome.isDone()) {
            then.accept(outcome.join());
            return;
        }
        lifetime.inputCame();
        connection.pause();
        underWay = outcome.thenAccept(result -> connection.guard(() -> {
            underWay = null;
            then.accept(result);
            goOn();
        }));
    }

    private void goOn() {
        Reply last = lastWord;
        if (gone) {
            finish();
        } else if (last != null) {
            end(last);
        } else {
            connection.resume();
        }
    }

    private void conclude(Completion completion) {
        Reply reply = mail.conclude(completion);
        if (reply.isPositive() && !reply.equals(Replies.EMPTY_CHUNK)) {
            errors = 0;
            idleCommands = 0;
        }
        say(reply);
    }

    /** Nothing more can be taken for now. */
    void waits(boolean partialInput) {
        long now = lifetime.now();
        if (!mail.isOpen()) {
            contentBy = NO_CONTENT;
        }
        // Octets of a line that does not end, however long it is, buy no time.
        if (progress || !(partialInput || lineTooLong)) {
            progress = false;
            waitsSince = now;
            lifetime.awaitInputUntil(mail.takesContent() ? contentBy : Math.min(now + timeout, contentBy));
        }
        if (!mail.isOpen()) {
            lifetime.beginIdle(waitsSince);
        }
    }

    /** Says one thing more and ends; after the reply that is under way. */
    void end(Reply word) {
        lastWord = word;
        if (underWay != null || over) {
            return;
        }
        over = true;
        connection.say(word);
        reception.count(word);
        connection.end();
    }

    /** The connection is over. */
    void over() {
        gone = true;
        over = true;
        if (underWay == null) {
            finish();
        }
    }

    private void finish() {
        mail.close();
        reception.ended(session);
    }

    private void handle(CommandLine line, boolean lastThatCame) {
        Reply reply = switch (line.kind()) {
            case GOOD -> command(line.text(), lastThatCame);
            case TOO_LONG -> Replies.LINE_TOO_LONG;
            // Whoever ends lines otherwise may be trying to pass content off as commands.
            case BAD -> Replies.BAD_LINE;
        };
        if (reply != null) {
            say(reply);
        }
    }

    private void say(Reply reply) {
        connection.say(reply);
        reception.count(reply);
        if (isProtocolError(reply) && ++errors > MOST_ERRORS && !over) {
            over = true;
            connection.say(Replies.TOO_MANY_ERRORS);
        }
        over |= Replies.endsSession(reply);
        if (over) {
            connection.closeAfterReplies();
        }
    }

    /** A mistake of the program at the other end; that a recipient or a message is not taken is none. */
    private static boolean isProtocolError(Reply reply) {
        return (reply.code() >= 500 && reply.code() <= 504) || reply.code() == 555;
    }

    /** The reply to a command; null if content comes first, or it was given already. */
    private @Nullable Reply command(String line, boolean lastThatCame) {
        String[] parts = line.stripTrailing().split(" ", 2);
        String verb = CommandLine.upperCase(parts[0]);
        String argument = parts.length > 1 ? parts[1].strip() : "";
        if (++idleCommands > MOST_IDLE_COMMANDS + settings.maximumRecipients()) {
            return Replies.TOO_MANY_IDLE_COMMANDS;
        }
        Reply reply = obey(verb, argument, lastThatCame);
        if (reply != null && reply.isPositive() && verb.equals("MAIL")) {
            idleCommands = 0;
        }
        return reply;
    }

    private @Nullable Reply obey(String verb, String argument, boolean lastThatCame) {
        return switch (verb) {
            case "EHLO", "HELO" -> helo(verb, argument);
            case "MAIL" -> heloName.isEmpty() ? Replies.HELO_FIRST : mail.mail(argument);
            case "RCPT" -> rcpt(argument);
            case "DATA" -> argument.isEmpty() ? data() : Replies.NO_ARGUMENT;
            case "BDAT" -> bdat(argument);
            case "RSET" -> argument.isEmpty() ? reset() : Replies.NO_ARGUMENT;
            case "NOOP" -> Replies.OK;
            case "VRFY" -> argument.isEmpty() ? Replies.syntax("VRFY address") : Replies.CANNOT_VERIFY;
            case "STARTTLS" -> argument.isEmpty() ? startTls(lastThatCame) : Replies.NO_ARGUMENT;
            case "XCLIENT" -> mail.isOpen() ? Replies.NESTED_MAIL : xclient(argument);
            case "QUIT" -> quit();
            case "HELP" -> Replies.HELP;
            case "EXPN", "ETRN", "AUTH", "XFORWARD", "TURN", "SEND", "SOML", "SAML" -> Replies.NOT_IMPLEMENTED;
            default -> Replies.UNKNOWN_COMMAND;
        };
    }

    private @Nullable Reply rcpt(String argument) {
        whenDone(mail.rcpt(argument), reply -> {
            if (reply.isPositive()) {
                idleCommands = 0;
            }
            say(reply);
        });
        return null;
    }

    private Reply data() {
        Reply reply = mail.data(this::origin);
        beginContent();
        return reply;
    }

    private @Nullable Reply bdat(String argument) {
        Optional<Reply> reply = mail.bdat(argument, this::origin);
        beginContent();
        if (mail.takesContent()) {
            // Of an empty chunk there is nothing to wait for.
            conclude();
        }
        return reply.orElse(null);
    }

    /** Content must come fast enough from here on, all chunks of a message together. */
    private void beginContent() {
        if (mail.takesContent() && contentBy == NO_CONTENT) {
            contentBy = lifetime.now() + timeout;
        }
    }

    private Reply helo(String verb, String argument) {
        // RFC 5321 section 4.1.1.1: a name or an address literal; whether it is true is no reason to refuse (section
        // 4.1.4).
        if (argument.isEmpty() || argument.length() > 255 || argument.contains(" ")) {
            return Replies.syntax(verb + " name");
        }
        heloName = session.heloName().orElse(argument);
        esmtp = verb.equals("EHLO");
        mail.reset();
        if (!esmtp) {
            return Replies.helo(settings.hostName().text());
        }
        return Replies.ehlo(extensions());
    }

    private List<String> extensions() {
        Offer offer = mail.renewOffer();
        List<String> lines = new ArrayList<>(List.of(
                settings.hostName().text(),
                "PIPELINING",
                "SIZE " + offer.maximumBytes(),
                "ENHANCEDSTATUSCODES",
                "DSN",
                // BINARYMIME (RFC 3030 section 3) is not offered: a next hop without it could not be given the message.
                "CHUNKING",
                "LIMITS MAILMAX=" + MailCommands.MOST_MESSAGES + " RCPTMAX=" + settings.maximumRecipients()));
        if (offer.eightBitMime()) {
            lines.add("8BITMIME");
        }
        if (offer.smtpUtf8()) {
            lines.add("SMTPUTF8");
        }
        // RFC 3207 section 4.2: not offered again under TLS.
        if (settings.tls().isPresent() && tlsProtocol.isEmpty()) {
            lines.add("STARTTLS");
        }
        if (session.mayUseXclient()) {
            lines.add(Xclient.OFFER);
        }
        return lines;
    }

    private Reply xclient(String argument) {
        Reply reply = session.xclient(argument);
        if (reply.isPositive()) {
            heloName = "";
            esmtp = false;
            mail.reset();
        }
        return reply;
    }

    private Reply reset() {
        mail.reset();
        return Replies.OK;
    }

    private Origin origin(boolean internationalized) {
        return new Origin(session.client(), heloName, protocol(internationalized), tlsProtocol, reception.now());
    }

    /** RFC 3848, and RFC 6531 section 4.3. */
    private String protocol(boolean internationalized) {
        String base = internationalized ? "UTF8SMTP" : esmtp ? "ESMTP" : "SMTP";
        return tlsProtocol.isPresent() && !base.equals("SMTP") ? base + "S" : base;
    }

    private @Nullable Reply quit() {
        over = true;
        connection.say(Replies.BYE);
        if (connection.flushed()) {
            // Whoever takes leave, and is there to hear it, knows what became of his messages.
            mail.confirmReceipts();
        }
        connection.closeAfterReplies();
        return null;
    }

    private @Nullable Reply startTls(boolean lastThatCame) {
        Optional<Supplier<SSLContext>> context = settings.tls();
        if (context.isEmpty()) {
            return Replies.NOT_IMPLEMENTED;
        }
        if (tlsProtocol.isPresent()) {
            return Replies.TLS_ALREADY;
        }
        if (!lastThatCame) {
            // RFC 3207 section 6: what was sent before the handshake could be anybody's.
            return Replies.BAD_LINE;
        }
        connection.say(Replies.START_TLS);
        lifetime.inputCame();
        connection.startTls(context.get().get(), protocol -> tlsProtocol = Optional.of(protocol));
        // RFC 3207 section 4.2: everything said before is forgotten.
        heloName = "";
        mail.reset();
        return null;
    }
}
