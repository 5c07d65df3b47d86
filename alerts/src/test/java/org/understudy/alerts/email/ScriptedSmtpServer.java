package org.understudy.alerts.email;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Serves one session: each command, named by its first word, gets the reply given for it, else a friendly one. The reply
 * {@code DROP} closes the connection instead; {@code .} is the end of the content. With certificates it speaks TLS, at once
 * or after STARTTLS.
 */
final class ScriptedSmtpServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Map<String, String> replies;
    private final Optional<SSLContext> tls;
    private final boolean implicit;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final Thread thread;

    private ScriptedSmtpServer(
            ServerSocket listener, Map<String, String> replies, Optional<SSLContext> tls, boolean implicit) {
        this.listener = listener;
        this.tls = tls;
        this.implicit = implicit;
        this.replies = replies;
        this.thread = new Thread(this::serve, "scripted-smtp");
    }

    static ScriptedSmtpServer start(Map<String, String> replies) throws IOException {
        return start(replies, Optional.empty(), false);
    }

    static ScriptedSmtpServer startTls(SSLContext tls, boolean implicit) throws IOException {
        return start(Map.of(), Optional.of(tls), implicit);
    }

    private static ScriptedSmtpServer start(Map<String, String> replies, Optional<SSLContext> tls, boolean implicit)
            throws IOException {
        ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ScriptedSmtpServer server = new ScriptedSmtpServer(listener, replies, tls, implicit);
        server.thread.setDaemon(true);
        server.thread.start();
        return server;
    }

    int port() {
        return listener.getLocalPort();
    }

    List<String> commands() {
        return List.copyOf(commands);
    }

    private void serve() {
        try (Socket socket = listener.accept()) {
            Socket wire = implicit ? encrypted(socket) : socket;
            if (reply(wire.getOutputStream(), "BANNER", "220 test")) {
                converse(wire);
            }
        } catch (IOException e) {
            // The client, or close(), ended the session.
            commands.add("ended by " + e.getClass().getSimpleName());
        }
    }

    private Socket encrypted(Socket socket) throws IOException {
        SSLSocket encrypted = (SSLSocket)
                tls.orElseThrow().getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
        encrypted.setUseClientMode(false);
        return encrypted;
    }

    private void converse(Socket socket) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        OutputStream out = socket.getOutputStream();
        boolean content = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (content && !line.equals(".")) {
                continue;
            }
            commands.add(line);
            String verb = line.replaceFirst("[ :].*", "").toUpperCase(Locale.ROOT);
            String key = line.contains("<bad@") ? "BAD" : verb;
            if (!reply(out, key, usual(verb, socket))) {
                return;
            }
            if (verb.equals("STARTTLS")) {
                converse(encrypted(socket));
                return;
            }
            content = verb.equals("DATA") && !replies.containsKey(key);
        }
    }

    private String usual(String verb, Socket socket) {
        return switch (verb) {
            case "EHLO" ->
                "250-test\r\n"
                        + (tls.isPresent() && !(socket instanceof SSLSocket) ? "250 STARTTLS" : "250 AUTH PLAIN");
            case "DATA" -> "354 go on";
            case "AUTH" -> "235 welcome";
            case "STARTTLS" -> "220 go on";
            default -> "250 fine";
        };
    }

    private boolean reply(OutputStream out, String verb, String usual) throws IOException {
        String reply = replies.getOrDefault(verb, usual);
        if (reply.equals("DROP")) {
            return false;
        }
        out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return true;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
