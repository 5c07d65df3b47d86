package org.understudy.spool.reception;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.EsmtpParameters;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.PathCommand;
import org.understudy.smtp.Recipient;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpSyntaxException;
import org.understudy.spool.Origin;
import org.understudy.spool.ReceptionSettings;

/**
 * One session, from the greeting to its end. Runs on one thread; {@link #endIfIdle()} and {@link #end()} may come from another
 * one.
 */
final class Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    private static final int MOST_ERRORS = 20;
    private static final int MOST_IDLE_COMMANDS = 1000;

    private final Reception reception;
    private final ReceptionSettings settings;
    private final SessionIo io;
    private final InetAddress client;
    /** Held while a command is handled; a drain ends the session only when it can have it. */
    private final ReentrantLock handling = new ReentrantLock();

    private String heloName = "";
    private boolean esmtp;
    private Optional<String> tlsProtocol = Optional.empty();
    private PathCommand.@Nullable Mail mail;
    private final List<Recipient> recipients = new ArrayList<>();
    private int errors;
    private int idleCommands;
    private boolean over;

    Conversation(Reception reception, Socket socket) throws IOException {
        this.reception = reception;
        this.settings = reception.settings();
        this.client = socket.getInetAddress();
        socket.setTcpNoDelay(true);
        this.io = new SessionIo(socket, settings.commandTimeout());
    }

    InetAddress client() {
        return client;
    }

    /** Says one thing and ends, for a client that is not let in. */
    void turnAway(Reply reply) {
        try {
            io.say(reply);
            io.flush();
        } catch (IOException e) {
            LOG.debug("{} did not hear {}: {}", client, reply, e.getMessage());
        } finally {
            io.abort();
        }
    }

    /** The whole session. */
    void run() {
        try {
            io.say(Replies.greeting(settings.hostName().text()));
            while (!over) {
                SessionIo.Line line = io.readLine();
                if (line.kind() == SessionIo.LineKind.END_OF_STREAM) {
                    return;
                }
                handling.lock();
                try {
                    handle(line);
                } finally {
                    handling.unlock();
                }
            }
            io.flush();
        } catch (SocketTimeoutException e) {
            turnAway(Replies.IDLE);
        } catch (IOException e) {
            LOG.debug("session with {} ended: {}", client, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("unforeseen in a session with {}", client, e);
            turnAway(Replies.SHUTTING_DOWN);
        } finally {
            io.abort();
        }
    }

    /** Ends the session with a 421 unless a transaction is open. True if it is over. */
    boolean endIfIdle() {
        if (!handling.tryLock()) {
            return false;
        }
        try {
            if (mail == null) {
                over = true;
                turnAway(Replies.SHUTTING_DOWN);
            }
            return over;
        } finally {
            handling.unlock();
        }
    }

    /** Ends the session now, with a 421 if it is not in the middle of something. */
    void end() {
        if (handling.tryLock()) {
            try {
                over = true;
                turnAway(Replies.SHUTTING_DOWN);
            } finally {
                handling.unlock();
            }
        } else {
            io.abort();
        }
    }

    private void handle(SessionIo.Line line) throws IOException {
        if (over) {
            return;
        }
        Reply reply = switch (line.kind()) {
            case LINE -> command(line.text());
            case TOO_LONG -> Replies.LINE_TOO_LONG;
            case BAD, END_OF_STREAM -> {
                // Whoever ends lines otherwise may be trying to pass content off as commands.
                over = true;
                yield Replies.BAD_LINE;
            }
        };
        if (reply != null) {
            say(reply);
        }
    }

    private void say(Reply reply) throws IOException {
        io.say(reply);
        reception.count(reply);
        if (reply.isPermanent() && ++errors > MOST_ERRORS && !over) {
            over = true;
            io.say(Replies.TOO_MANY_ERRORS);
        }
        if (reply.code() == 421) {
            over = true;
        }
    }

    /** The reply to a command; null if it was given already. */
    private @Nullable Reply command(String line) throws IOException {
        String[] parts = line.stripTrailing().split(" ", 2);
        String verb = parts[0].toUpperCase(Locale.ROOT);
        String argument = parts.length > 1 ? parts[1].strip() : "";
        if (++idleCommands > MOST_IDLE_COMMANDS) {
            return Replies.TOO_MANY_ERRORS;
        }
        return switch (verb) {
            case "EHLO", "HELO" -> helo(verb, argument);
            case "MAIL" -> mail(argument);
            case "RCPT" -> rcpt(argument);
            case "DATA" -> argument.isEmpty() ? data() : Replies.NO_ARGUMENT;
            case "RSET" -> argument.isEmpty() ? reset() : Replies.NO_ARGUMENT;
            case "NOOP" -> Replies.OK;
            case "VRFY" -> argument.isEmpty() ? Replies.syntax("VRFY address") : Replies.CANNOT_VERIFY;
            case "STARTTLS" -> argument.isEmpty() ? startTls() : Replies.NO_ARGUMENT;
            case "QUIT" -> quit();
            case "BDAT" -> {
                // The octets that follow must not be taken for commands.
                over = true;
                yield Replies.NOT_IMPLEMENTED;
            }
            case "EXPN", "HELP", "ETRN", "AUTH", "XCLIENT", "XFORWARD", "TURN", "SEND", "SOML", "SAML" ->
                Replies.NOT_IMPLEMENTED;
            default -> Replies.UNKNOWN_COMMAND;
        };
    }

    private Reply helo(String verb, String argument) {
        // RFC 5321 section 4.1.1.1: a name or an address literal; whether it is true is no reason to refuse (section
        // 4.1.4).
        if (argument.isEmpty() || argument.length() > 255 || argument.contains(" ")) {
            return Replies.syntax(verb + " name");
        }
        heloName = argument;
        esmtp = verb.equals("EHLO");
        endTransaction();
        if (!esmtp) {
            return Replies.helo(settings.hostName().text());
        }
        List<String> lines = new ArrayList<>(List.of(
                settings.hostName().text(),
                "PIPELINING",
                "SIZE " + settings.maximumMessageBytes(),
                "8BITMIME",
                "ENHANCEDSTATUSCODES",
                "DSN"));
        // RFC 3207 section 4.2: not offered again under TLS.
        if (settings.tls().isPresent() && tlsProtocol.isEmpty()) {
            lines.add("STARTTLS");
        }
        return Replies.ehlo(lines);
    }

    private Reply mail(String argument) {
        if (reception.isDraining()) {
            return Replies.SHUTTING_DOWN;
        }
        if (heloName.isEmpty()) {
            return Replies.HELO_FIRST;
        }
        if (mail != null) {
            return Replies.NESTED_MAIL;
        }
        try {
            PathCommand.Mail parsed = PathCommand.parseMail(argument);
            Optional<Reply> refusal = Parameters.refuseMail(parsed.parameters(), settings.maximumMessageBytes());
            if (refusal.isPresent()) {
                return refusal.get();
            }
            if (parsed.reversePath()
                    .mailbox()
                    .filter(m -> m.isInternationalized())
                    .isPresent()) {
                return Replies.NON_ASCII;
            }
            mail = parsed;
            idleCommands = 0;
            return Replies.SENDER_OK;
        } catch (SmtpSyntaxException e) {
            return Replies.syntax(e.reason());
        }
    }

    private Reply rcpt(String argument) {
        if (mail == null) {
            return Replies.MAIL_FIRST;
        }
        if (recipients.size() >= settings.maximumRecipients()) {
            return Replies.TOO_MANY_RECIPIENTS;
        }
        try {
            Recipient recipient = PathCommand.parseRcpt(argument);
            ForwardPath path = recipient.path();
            if (!path.address().chars().allMatch(c -> c < 0x80)) {
                return Replies.NON_ASCII;
            }
            Optional<Reply> refusal = Parameters.refuseRcpt(recipient.parameters())
                    .or(() -> reception.policy().refusal(path));
            if (refusal.isPresent()) {
                return refusal.get();
            }
            recipients.add(recipient);
            return Replies.RECIPIENT_OK;
        } catch (SmtpSyntaxException e) {
            return Replies.syntax(e.reason());
        }
    }

    private @Nullable Reply data() throws IOException {
        PathCommand.Mail sender = mail;
        if (sender == null) {
            return Replies.MAIL_FIRST;
        }
        if (recipients.isEmpty()) {
            return Replies.NO_RECIPIENTS;
        }
        EsmtpParameters kept = sender.parameters().without("SIZE");
        Envelope envelope = new Envelope(sender.reversePath(), kept, recipients);
        Origin origin = new Origin(client, heloName, protocol(), tlsProtocol, reception.now());
        io.say(Replies.START_CONTENT);
        Optional<Reply> reply = new ContentReception(reception, io, envelope, origin).receive();
        endTransaction();
        if (reply.isEmpty()) {
            over = true;
            return null;
        }
        return reply.get();
    }

    /** RFC 3848 */
    private String protocol() {
        if (!esmtp) {
            return "SMTP";
        }
        return tlsProtocol.isPresent() ? "ESMTPS" : "ESMTP";
    }

    private Reply reset() {
        endTransaction();
        return Replies.OK;
    }

    private void endTransaction() {
        mail = null;
        recipients.clear();
    }

    private Reply quit() {
        over = true;
        return Replies.BYE;
    }

    private @Nullable Reply startTls() throws IOException {
        Optional<SSLContext> context = settings.tls();
        if (context.isEmpty()) {
            return Replies.NOT_IMPLEMENTED;
        }
        if (tlsProtocol.isPresent()) {
            return Replies.TLS_ALREADY;
        }
        if (io.hasBufferedInput()) {
            // RFC 3207 section 6: what was sent before the handshake could be anybody's.
            over = true;
            return Replies.BAD_LINE;
        }
        io.say(Replies.START_TLS);
        io.flush();
        SSLSocket layered = ServerTls.layer(io.socket(), context.get());
        io.replaceSocket(layered);
        tlsProtocol = Optional.of(layered.getSession().getProtocol());
        // RFC 3207 section 4.2: everything said before is forgotten.
        heloName = "";
        endTransaction();
        return null;
    }
}
