package org.understudy.spool.reception;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Reply;
import org.understudy.spool.Origin;
import org.understudy.spool.ReceptionSettings;

/**
 * What is said in one session, from the greeting to its end. Confined to one thread.
 */
final class Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    /** Since the last message was accepted. */
    private static final int MOST_ERRORS = 20;
    /** In a row, besides as many RCPT as a transaction may have, which may all be refused. */
    private static final int MOST_IDLE_COMMANDS = 100;

    private final Reception reception;
    private final ReceptionSettings settings;
    private final SessionIo io;
    private final Session session;
    private final MailCommands mail;

    private String heloName = "";
    private boolean esmtp;
    private Optional<String> tlsProtocol = Optional.empty();
    private int errors;
    private int idleCommands;
    private boolean over;

    Conversation(Reception reception, Session session, SessionIo io) {
        this.reception = reception;
        this.settings = reception.settings();
        this.io = io;
        this.session = session;
        this.mail = new MailCommands(reception, io);
    }

    /** The whole session. */
    void run() {
        try {
            io.say(Replies.greeting(settings.hostName().text()));
            while (!over) {
                // What was sent before our last reply does not show that it was read.
                boolean answersReply = !io.hasBufferedInput();
                SessionIo.Line line = io.readLine(!mail.isOpen());
                if (line.kind() == SessionIo.LineKind.END_OF_STREAM) {
                    return;
                }
                if (answersReply) {
                    mail.confirmReceipts();
                }
                handle(line);
            }
        } catch (SessionEndException e) {
            end(e.reply());
        } catch (IOException e) {
            LOG.debug("session with {} ended: {}", session.client(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("unforeseen in a session with {}", session.client(), e);
            end(Replies.SHUTTING_DOWN);
        } finally {
            io.close();
            mail.close();
        }
    }

    private void end(Reply lastWord) {
        try {
            io.say(lastWord);
            reception.count(lastWord);
        } catch (IOException e) {
            LOG.debug("{} did not hear {}: {}", session.client(), lastWord, e.getMessage());
        }
    }

    private void handle(SessionIo.Line line) throws IOException {
        Reply reply = switch (line.kind()) {
            case LINE -> command(line.text());
            case TOO_LONG -> Replies.LINE_TOO_LONG;
            // Whoever ends lines otherwise may be trying to pass content off as commands.
            case BAD, END_OF_STREAM -> Replies.BAD_LINE;
        };
        if (reply != null) {
            say(reply);
        }
    }

    private void say(Reply reply) throws IOException {
        io.say(reply);
        reception.count(reply);
        if (isProtocolError(reply) && ++errors > MOST_ERRORS && !over) {
            over = true;
            io.say(Replies.TOO_MANY_ERRORS);
        }
        over |= Replies.endsSession(reply);
    }

    /** A mistake of the program at the other end; that a recipient or a message is not taken is none. */
    private static boolean isProtocolError(Reply reply) {
        return (reply.code() >= 500 && reply.code() <= 504) || reply.code() == 555;
    }

    /** The reply to a command; null if it was given already. */
    private @Nullable Reply command(String line) throws IOException {
        String[] parts = line.stripTrailing().split(" ", 2);
        String verb = parts[0].toUpperCase(Locale.ROOT);
        String argument = parts.length > 1 ? parts[1].strip() : "";
        if (++idleCommands > MOST_IDLE_COMMANDS + settings.maximumRecipients()) {
            return Replies.TOO_MANY_IDLE_COMMANDS;
        }
        Reply reply = obey(verb, argument);
        if (reply != null && reply.isPositive() && !reply.equals(Replies.EMPTY_CHUNK)) {
            if (verb.equals("DATA") || verb.equals("BDAT")) {
                errors = 0;
                idleCommands = 0;
            } else if (verb.equals("MAIL") || verb.equals("RCPT")) {
                idleCommands = 0;
            }
        }
        return reply;
    }

    private @Nullable Reply obey(String verb, String argument) throws IOException {
        return switch (verb) {
            case "EHLO", "HELO" -> helo(verb, argument);
            case "MAIL" -> heloName.isEmpty() ? Replies.HELO_FIRST : mail.mail(argument);
            case "RCPT" -> mail.rcpt(argument);
            case "DATA" -> argument.isEmpty() ? content(mail.data(this::origin)) : Replies.NO_ARGUMENT;
            case "BDAT" -> content(mail.bdat(argument, this::origin));
            case "RSET" -> argument.isEmpty() ? reset() : Replies.NO_ARGUMENT;
            case "NOOP" -> Replies.OK;
            case "VRFY" -> argument.isEmpty() ? Replies.syntax("VRFY address") : Replies.CANNOT_VERIFY;
            case "STARTTLS" -> argument.isEmpty() ? startTls() : Replies.NO_ARGUMENT;
            case "XCLIENT" -> mail.isOpen() ? Replies.NESTED_MAIL : xclient(argument);
            case "QUIT" -> quit();
            case "HELP" -> Replies.HELP;
            case "EXPN", "ETRN", "AUTH", "XFORWARD", "TURN", "SEND", "SOML", "SAML" -> Replies.NOT_IMPLEMENTED;
            default -> Replies.UNKNOWN_COMMAND;
        };
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

    /** What came of content, which says nothing if the connection ended before. */
    private @Nullable Reply content(Optional<Reply> reply) {
        over |= reply.isEmpty();
        return reply.orElse(null);
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

    private @Nullable Reply quit() throws IOException {
        over = true;
        io.say(Replies.BYE);
        io.flush();
        // Whoever takes leave, and is there to hear it, knows what became of his messages.
        mail.confirmReceipts();
        return null;
    }

    private @Nullable Reply startTls() throws IOException {
        Optional<Supplier<SSLContext>> context = settings.tls();
        if (context.isEmpty()) {
            return Replies.NOT_IMPLEMENTED;
        }
        if (tlsProtocol.isPresent()) {
            return Replies.TLS_ALREADY;
        }
        if (io.hasBufferedInput()) {
            // RFC 3207 section 6: what was sent before the handshake could be anybody's.
            return Replies.BAD_LINE;
        }
        io.say(Replies.START_TLS);
        io.flush();
        tlsProtocol = Optional.of(io.startTls(context.get().get()));
        // RFC 3207 section 4.2: everything said before is forgotten.
        heloName = "";
        mail.reset();
        return null;
    }
}
