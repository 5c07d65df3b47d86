package org.understudy.interop.mail;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A next hop that remembers what arrived, below the trace field on top. Thread-safe. */
public final class Sink implements AutoCloseable {
    private final Map<String, List<Arrival>> arrivals = new HashMap<>();
    private final Set<Socket> sessions = ConcurrentHashMap.newKeySet();
    private final int port;
    private @Nullable ServerSocket listener;

    /**
     * One message for one recipient.
     *
     * @param connected when its session began, by {@link System#nanoTime}
     * @param nanos when it was complete, before it was answered
     */
    public record Arrival(String sha256, long connected, long nanos) {}

    /** Listens on any free port. */
    public Sink() throws IOException {
        listener = listen(0);
        port = listener.getLocalPort();
    }

    public int port() {
        return port;
    }

    private ServerSocket listen(int on) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 200);
        Thread accepting = new Thread(() -> accept(socket), "sink");
        accepting.setDaemon(true);
        accepting.start();
        return socket;
    }

    /** Serves again on the port it had. */
    public synchronized void open() throws IOException {
        if (listener == null) {
            listener = listen(port);
        }
    }

    /** Refuses connections and cuts the open ones. */
    public synchronized void shut() throws IOException {
        if (listener != null) {
            listener.close();
            listener = null;
        }
        for (Socket session : sessions) {
            session.close();
        }
    }

    /** What arrived for an address so far. */
    public List<Arrival> arrivals(String address) {
        synchronized (arrivals) {
            return List.copyOf(arrivals.getOrDefault(address, List.of()));
        }
    }

    /** How much arrived so far: each message counts for each recipient and each time. */
    public long count() {
        synchronized (arrivals) {
            return arrivals.values().stream().mapToLong(List::size).sum();
        }
    }

    /** All that arrived so far, by address, and forgets it. */
    public Map<String, List<Arrival>> take() {
        synchronized (arrivals) {
            Map<String, List<Arrival>> all = Map.copyOf(arrivals);
            arrivals.clear();
            return all;
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket session = socket.accept();
                sessions.add(session);
                Thread thread = new Thread(() -> serve(session), "sink-session");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // Closed, or the peer is gone already: the loop ends, or goes on.
            }
        }
    }

    private void serve(Socket session) {
        long connected = System.nanoTime();
        try (session) {
            session.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(session.getInputStream(), 64 * 1024);
            OutputStream out = session.getOutputStream();
            List<String> recipients = new ArrayList<>();
            say(out, "220 sink.test ESMTP");
            for (String line = line(in); line != null; line = line(in)) {
                String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                switch (verb) {
                    case "EHLO" -> say(out, "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 0");
                    case "MAIL", "RSET" -> {
                        recipients.clear();
                        say(out, "250 2.0.0 Ok");
                    }
                    case "RCPT" -> {
                        recipients.add(line.substring(line.indexOf('<') + 1, line.indexOf('>')));
                        say(out, "250 2.1.5 Ok");
                    }
                    case "DATA" -> {
                        say(out, "354 Go on");
                        take(content(in), recipients, connected);
                        say(out, "250 2.0.0 Ok");
                    }
                    case "QUIT" -> {
                        say(out, "221 2.0.0 Bye");
                        return;
                    }
                    default -> say(out, "250 2.0.0 Ok");
                }
            }
        } catch (IOException e) {
            // A session that breaks delivers nothing more; what it delivered is known.
        } finally {
            sessions.remove(session);
        }
    }

    private void take(byte[] content, List<String> recipients, long connected) {
        int begin = endOfFirstField(content);
        String checksum = NumberedMail.checksum(content, begin, content.length - begin);
        Arrival arrival = new Arrival(checksum, connected, System.nanoTime());
        synchronized (arrivals) {
            for (String recipient : recipients) {
                arrivals.computeIfAbsent(recipient, r -> new ArrayList<>()).add(arrival);
            }
        }
    }

    /** The trace field may go over several lines, each but the first indented. */
    private static int endOfFirstField(byte[] content) {
        for (int i = 0; i + 1 < content.length; i++) {
            boolean endsLine = content[i] == '\r' && content[i + 1] == '\n';
            boolean goesOn = i + 2 < content.length && (content[i + 2] == '\t' || content[i + 2] == ' ');
            if (endsLine && !goesOn) {
                return i + 2;
            }
        }
        return content.length;
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                return null;
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    private static byte[] content(InputStream in) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("cut off in the content");
            }
            line.write(octet);
            if (octet == '\n') {
                byte[] octets = line.toByteArray();
                boolean dotted = octets[0] == '.';
                if (dotted && octets.length == 3) {
                    return content.toByteArray();
                }
                content.write(octets, dotted ? 1 : 0, octets.length - (dotted ? 1 : 0));
                line.reset();
            }
        }
    }

    @Override
    public void close() throws IOException {
        shut();
    }
}
