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
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Serves one session: each command, named by its first word, gets the reply given for it, else a friendly one. The reply
 * {@code DROP} closes the connection instead; {@code .} is the end of the content.
 */
final class ScriptedSmtpServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Map<String, String> replies;
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final Thread thread;

    private ScriptedSmtpServer(ServerSocket listener, Map<String, String> replies) {
        this.listener = listener;
        this.replies = replies;
        this.thread = new Thread(this::serve, "scripted-smtp");
    }

    static ScriptedSmtpServer start(Map<String, String> replies) throws IOException {
        ScriptedSmtpServer server =
                new ScriptedSmtpServer(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), replies);
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
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = socket.getOutputStream();
            if (!reply(out, "BANNER", "220 test")) {
                return;
            }
            converse(in, out);
        } catch (IOException e) {
            // The client, or close(), ended the session.
            commands.add("ended by " + e.getClass().getSimpleName());
        }
    }

    private void converse(BufferedReader in, OutputStream out) throws IOException {
        boolean content = false;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (content && !line.equals(".")) {
                continue;
            }
            commands.add(line);
            String verb = line.replaceFirst("[ :].*", "").toUpperCase(Locale.ROOT);
            content = verb.equals("DATA");
            String usual = verb.equals("EHLO") ? "250-test\r\n250 AUTH PLAIN" : content ? "354 go on" : "250 fine";
            String key = line.contains("<bad@") ? "BAD" : verb;
            if (!reply(out, key, usual)) {
                return;
            }
            content = content && !replies.containsKey(key);
        }
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
