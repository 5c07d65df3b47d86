package org.understudy.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One session of a {@link ScriptedServer}. Confined to its thread. */
final class ScriptedDialogue implements Runnable {

    private final ScriptedServer server;
    private final ServerConnection connection;
    private String reversePath = "";
    private boolean inTransaction;
    private final List<String> recipients = new ArrayList<>();
    private boolean over;

    ScriptedDialogue(ScriptedServer server, ServerConnection connection) {
        this.server = server;
        this.connection = connection;
    }

    @Override
    public void run() {
        try {
            at("GREETING", "220 mx.test ESMTP scripted");
            while (!over) {
                @Nullable String command = connection.readCommand();
                if (command == null) {
                    break;
                }
                server.commands().add(command);
                Optional<String> rule = server.rule(command);
                if (rule.isPresent()) {
                    Answer.reply(rule.get()).give(connection);
                } else {
                    obey(command);
                }
            }
        } catch (IOException e) {
            // The client or the test ended it: both are part of tests.
            over = true;
        } finally {
            connection.cut();
        }
    }

    private void obey(String command) throws IOException {
        String[] words = command.split(" ", 2);
        String argument = words.length > 1 ? words[1] : "";
        String verb = words[0].toUpperCase(Locale.ROOT);
        switch (verb) {
            case "EHLO" -> at(verb, ehloReply());
            case "HELO" -> at(verb, "250 mx.test");
            case "STARTTLS" -> startTls();
            case "XCLIENT" -> {
                boolean offered = server.keywords().stream().anyMatch(k -> k.startsWith("XCLIENT"));
                forget();
                at(verb, offered ? "220 mx.test" : "500 5.5.2 XCLIENT is not known");
            }
            case "MAIL" -> mail(argument);
            case "RCPT" -> rcpt(argument);
            case "DATA" -> data();
            case "RSET" -> {
                forget();
                at(verb, "250 2.0.0 reset");
            }
            case "NOOP" -> at(verb, "250 2.0.0 still here");
            case "QUIT" -> {
                at(verb, "221 2.0.0 bye");
                over = true;
            }
            default -> at(verb, "500 5.5.2 " + verb + " is not known");
        }
    }

    /** Does what the script says, or gives this reply. */
    private void at(String point, String reply) throws IOException {
        server.at(point).orElse(Answer.reply(reply)).give(connection);
    }

    private String ehloReply() {
        List<String> lines = new ArrayList<>(List.of("mx.test"));
        lines.addAll(server.keywords());
        if (server.tls().isPresent() && !connection.isTls()) {
            lines.add("STARTTLS");
        }
        StringBuilder reply = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            boolean last = i == lines.size() - 1;
            reply.append("250").append(last ? ' ' : '-').append(lines.get(i)).append(last ? "" : "\n");
        }
        return reply.toString();
    }

    private void startTls() throws IOException {
        if (server.tls().isEmpty()) {
            at("STARTTLS", "502 5.5.1 no TLS here");
            return;
        }
        at("STARTTLS", "220 2.0.0 go ahead");
        if (connection.answered("220")) {
            connection.startTls(server.tls().get()).ifPresent(server.serverNames()::add);
        }
    }

    private void mail(String argument) throws IOException {
        connection.hold(server.holdsReplies());
        at("MAIL", "250 2.1.0 Ok");
        inTransaction = connection.answered("2");
        reversePath = argument.substring(argument.indexOf(':') + 1).strip();
        recipients.clear();
    }

    private void rcpt(String argument) throws IOException {
        at("RCPT", inTransaction ? "250 2.1.5 Ok" : "503 5.5.1 MAIL first");
        if (connection.answered("2")) {
            recipients.add(argument.substring(argument.indexOf(':') + 1).strip());
        }
    }

    private void data() throws IOException {
        connection.hold(false);
        at("DATA", recipients.isEmpty() ? "554 5.5.1 no valid recipients" : "354 go ahead");
        if (connection.answered("354")) {
            content();
        }
    }

    private void content() throws IOException {
        ByteArrayOutputStream raw = new ByteArrayOutputStream();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte @Nullable [] line = connection.readLine();
        boolean first = true;
        boolean atLineStart = true;
        while (line != null && !(isDot(line) && (atLineStart || server.isLenient()))) {
            atLineStart = line.length > 1 && line[line.length - 2] == '\r';
            raw.write(line);
            int stuffed = line[0] == '.' ? 1 : 0;
            content.write(line, stuffed, line.length - stuffed);
            if (content.size() > server.resetAfterContentOctets()) {
                connection.reset();
            }
            if (first) {
                first = false;
                Optional<Answer> answer = server.at("CONTENT");
                if (answer.isPresent()) {
                    answer.get().give(connection);
                }
            }
            line = connection.readLine();
        }
        if (line == null) {
            over = true;
            return;
        }
        raw.write(line);
        ScriptedServer.Message message = new ScriptedServer.Message(
                reversePath,
                List.copyOf(recipients),
                content.toString(StandardCharsets.ISO_8859_1),
                raw.toString(StandardCharsets.ISO_8859_1));
        forget();
        connection.onAcceptance(() -> server.messages().add(message));
        at(
                "DOT",
                server.verdict(message.text())
                        .orElse("250 2.0.0 Ok: queued as S" + server.messages().size()));
    }

    private void forget() {
        inTransaction = false;
        recipients.clear();
    }

    private static boolean isDot(byte[] line) {
        return new String(line, StandardCharsets.ISO_8859_1).equals(".\r\n");
    }
}
