package org.understudy.interop.battery;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/** A next hop that takes some recipients, and remembers who was offered. Thread-safe. */
final class Primary implements AutoCloseable {
    private final String name;
    private final Predicate<String> known;
    private final ServerSocket listener;
    /** Arguments of MAIL and RCPT, in the order in which they came. */
    private final Queue<String> senders = new ConcurrentLinkedQueue<>();

    private final Queue<String> recipients = new ConcurrentLinkedQueue<>();
    private final Queue<String> delivered = new ConcurrentLinkedQueue<>();

    /** Greets with a name, and takes recipients for which the test holds. */
    Primary(String name, Predicate<String> known) throws IOException {
        this.name = name;
        this.known = known;
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "primary");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    Queue<String> senders() {
        return senders;
    }

    Queue<String> recipients() {
        return recipients;
    }

    /** Recipients of messages that were taken. */
    Queue<String> delivered() {
        return delivered;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket session = listener.accept();
                Thread thread = new Thread(() -> serve(session), "primary-session");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void serve(Socket session) {
        try (session) {
            session.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(session.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = session.getOutputStream();
            say(out, "220 " + name + " ESMTP");
            Queue<String> accepted = new ConcurrentLinkedQueue<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                switch (verb) {
                    case "EHLO" -> say(out, "250-" + name + "\r\n250-PIPELINING\r\n250 SIZE 0");
                    case "MAIL" -> {
                        senders.add(argument(line));
                        accepted.clear();
                        say(out, "250 2.1.0 Ok");
                    }
                    case "RCPT" -> rcpt(argument(line), accepted, out);
                    case "DATA" -> data(accepted, in, out);
                    case "QUIT" -> {
                        say(out, "221 2.0.0 Bye");
                        return;
                    }
                    default -> say(out, "250 2.0.0 Ok");
                }
            }
        } catch (IOException e) {
            // A session that breaks offers nothing more; what it offered is known.
        }
    }

    private void rcpt(String recipient, Queue<String> accepted, OutputStream out) throws IOException {
        recipients.add(recipient);
        boolean good = known.test(recipient);
        if (good) {
            accepted.add(recipient);
        }
        say(out, good ? "250 2.1.5 Ok" : "550 5.1.1 No such user");
    }

    private void data(Queue<String> accepted, BufferedReader in, OutputStream out) throws IOException {
        if (accepted.isEmpty()) {
            say(out, "554 5.5.1 No valid recipients");
            return;
        }
        say(out, "354 Go on");
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            // What it says does not matter here.
        }
        delivered.addAll(accepted);
        say(out, "250 2.0.0 Ok");
    }

    private static String argument(String line) {
        int begin = line.indexOf('<');
        int end = line.lastIndexOf('>');
        return begin < 0 || end < begin ? line : line.substring(begin + 1, end);
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
