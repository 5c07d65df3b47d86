package org.understudy.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A real SMTP server for tests that says what the test wants. By default it accepts everything and remembers it. Changed by
 * its setters at any time; thread-safe.
 */
public final class ScriptedServer implements AutoCloseable {

    /** What happens when the final dot was read, instead of a reply. */
    public enum AtDot {
        REPLY,
        RESET,
        SILENCE
    }

    /**
     * A message as it was received, dots unstuffed.
     *
     * @param text one character per octet (ISO 8859-1)
     */
    public record Message(String mailFrom, List<String> recipients, String text) {
        public byte[] content() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private final InetAddress address;
    private int port;
    private volatile @Nullable ServerSocket listener;
    private volatile @Nullable Thread accepting;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, IntFunction<@Nullable String>> scripts = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private volatile List<String> keywords = List.of("PIPELINING", "SIZE 100000000", "8BITMIME", "DSN");
    private volatile AtDot atDot = AtDot.REPLY;
    private volatile @Nullable SSLContext tls;
    private volatile String afterStartTls = "";
    private volatile @Nullable CountDownLatch dotGate;
    private volatile int resetAfterContentOctets = Integer.MAX_VALUE;

    private ScriptedServer(InetAddress address) {
        this.address = address;
    }

    /** Listens on any free port of 127.0.0.1. */
    public static ScriptedServer start() {
        return startAt(InetAddress.getLoopbackAddress(), 0);
    }

    public static ScriptedServer startAt(InetAddress address, int port) {
        ScriptedServer server = new ScriptedServer(address);
        server.port = port;
        server.resume();
        return server;
    }

    /** Stops listening and cuts every connection; {@link #resume} listens on the same port again. */
    public void pause() {
        try {
            ServerSocket socket = listener;
            if (socket != null) {
                socket.close();
            }
            Thread thread = accepting;
            if (thread != null) {
                // The port is closed only when nobody waits in accept any more.
                thread.join();
            }
            for (Socket s : open) {
                s.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void resume() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new java.net.InetSocketAddress(address, port), 500);
            port = socket.getLocalPort();
            listener = socket;
            Thread thread = new Thread(() -> accept(socket), "scripted-accept");
            thread.setDaemon(true);
            thread.start();
            accepting = thread;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public SmtpEndpoint endpoint() {
        return endpoint("mx.test");
    }

    public SmtpEndpoint endpoint(String host) {
        return new SmtpEndpoint(host, address, port);
    }

    public int port() {
        return port;
    }

    /** Every command line received, in order. */
    public List<String> commands() {
        return commands;
    }

    public List<Message> messages() {
        return messages;
    }

    public int connections() {
        return connections.get();
    }

    /** What EHLO offers besides STARTTLS, which is offered when there is a certificate. */
    public ScriptedServer offers(String... extensions) {
        keywords = List.of(extensions);
        return this;
    }

    /** Answers a verb (GREETING, EHLO, MAIL, RCPT, DATA, DOT, ...) always with this; lines separated by {@code \n}. */
    public ScriptedServer answer(String verb, String reply) {
        return answer(verb, n -> reply);
    }

    /** Answers the n-th occurrence (from 0) of a verb; null for the usual answer. */
    public ScriptedServer answer(String verb, IntFunction<@Nullable String> script) {
        scripts.put(verb, script);
        counts.remove(verb);
        return this;
    }

    public ScriptedServer usual(String verb) {
        scripts.remove(verb);
        return this;
    }

    public ScriptedServer atDot(AtDot what) {
        atDot = what;
        return this;
    }

    /** The reply to the dot waits for the latch. */
    public ScriptedServer holdDot(CountDownLatch gate) {
        dotGate = gate;
        return this;
    }

    public ScriptedServer resetAfterContent(int octets) {
        resetAfterContentOctets = octets;
        return this;
    }

    public ScriptedServer tls(SSLContext context) {
        tls = context;
        return this;
    }

    /** Plaintext sent in the same segment as the 220 to STARTTLS. */
    public ScriptedServer injectAfterStartTls(String text) {
        afterStartTls = text;
        return this;
    }

    @Override
    public void close() {
        pause();
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket peer = socket.accept();
                connections.incrementAndGet();
                open.add(peer);
                Thread session = new Thread(() -> serve(peer), "scripted-session");
                session.setDaemon(true);
                session.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket peer) {
        try (peer) {
            peer.setTcpNoDelay(true);
            new Session(peer).run();
        } catch (IOException e) {
            // The test's client is gone, or the test cut the connection: both are part of tests.
            commands.add("-- " + e.getClass().getSimpleName());
        } finally {
            open.remove(peer);
        }
    }

    private @Nullable String scripted(String verb) {
        IntFunction<@Nullable String> script = scripts.get(verb);
        int n = counts.computeIfAbsent(verb, v -> new AtomicInteger()).getAndIncrement();
        return script == null ? null : script.apply(n);
    }

    private final class Session {
        private Socket socket;
        private InputStream in;
        private OutputStream out;
        private boolean secured;
        private boolean inTransaction;
        private String mailFrom = "";
        private final List<String> recipients = new ArrayList<>();
        private final Map<String, String> usual = new HashMap<>();

        Session(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
            usual.put("MAIL", "250 2.1.0 Ok");
            usual.put("RCPT", "250 2.1.5 Ok");
            usual.put("RSET", "250 2.0.0 Ok");
            usual.put("NOOP", "250 2.0.0 Ok");
            usual.put("HELO", "250 mx.test");
            usual.put("QUIT", "221 2.0.0 Bye");
        }

        void run() throws IOException {
            say("GREETING", "220 mx.test ESMTP scripted");
            while (true) {
                String line = line();
                commands.add(line);
                String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                if (!handle(verb, line)) {
                    return;
                }
            }
        }

        private boolean handle(String verb, String line) throws IOException {
            switch (verb) {
                case "EHLO" -> say("EHLO", ehlo());
                case "MAIL" -> {
                    mailFrom = line.substring(line.indexOf(':') + 1);
                    recipients.clear();
                    inTransaction = say("MAIL", "250 2.1.0 Ok").startsWith("2");
                }
                case "RCPT" -> {
                    String reply = say("RCPT", inTransaction ? "250 2.1.5 Ok" : "503 5.5.1 MAIL first");
                    if (reply.startsWith("2")) {
                        recipients.add(line.substring(line.indexOf(':') + 1));
                    }
                }
                case "DATA" -> {
                    String reply = say("DATA", recipients.isEmpty() ? "554 5.5.1 no valid recipients" : "354 go ahead");
                    return !reply.startsWith("354") || content();
                }
                case "STARTTLS" -> {
                    return startTls();
                }
                case "QUIT" -> {
                    say("QUIT", "221 2.0.0 Bye");
                    return false;
                }
                default -> say(verb, usual.getOrDefault(verb, "502 5.5.1 not here"));
            }
            return true;
        }

        private String ehlo() {
            List<String> lines = new ArrayList<>();
            lines.add("mx.test");
            lines.addAll(keywords);
            if (tls != null && !secured) {
                lines.add("STARTTLS");
            }
            StringBuilder reply = new StringBuilder();
            for (int i = 0; i < lines.size(); i++) {
                reply.append(i == lines.size() - 1 ? "250 " : "250-")
                        .append(lines.get(i))
                        .append('\n');
            }
            return reply.toString().strip();
        }

        private boolean startTls() throws IOException {
            SSLContext context = tls;
            if (context == null) {
                say("STARTTLS", "502 5.5.1 not here");
                return true;
            }
            String reply = scripted("STARTTLS");
            String text = reply == null ? "220 2.0.0 go ahead" : reply;
            out.write((text + "\r\n" + afterStartTls).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            if (!text.startsWith("220")) {
                return true;
            }
            SSLSocket layered = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
            layered.setUseClientMode(false);
            layered.startHandshake();
            secured = true;
            socket = layered;
            in = new BufferedInputStream(layered.getInputStream());
            out = layered.getOutputStream();
            return true;
        }

        private boolean content() throws IOException {
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            while (true) {
                byte[] line = rawLine();
                if (line.length == 3 && line[0] == '.' && line[1] == '\r') {
                    break;
                }
                int skip = line.length > 0 && line[0] == '.' ? 1 : 0;
                content.write(line, skip, line.length - skip);
                if (content.size() > resetAfterContentOctets) {
                    reset();
                    return false;
                }
            }
            CountDownLatch gate = dotGate;
            if (gate != null) {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return dot(content.toByteArray());
        }

        private boolean dot(byte[] content) throws IOException {
            if (atDot == AtDot.RESET) {
                messages.add(new Message(
                        mailFrom, List.copyOf(recipients), new String(content, StandardCharsets.ISO_8859_1)));
                reset();
                return false;
            }
            if (atDot == AtDot.SILENCE) {
                in.read();
                return false;
            }
            String scripted = scripted("DOT");
            String reply = scripted == null ? "250 2.0.0 Ok: queued as S" + messages.size() : scripted;
            if (reply.startsWith("2")) {
                messages.add(new Message(
                        mailFrom, List.copyOf(recipients), new String(content, StandardCharsets.ISO_8859_1)));
            }
            write(reply);
            return !reply.startsWith("421");
        }

        private void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        private String say(String verb, String usualReply) throws IOException {
            String scripted = scripted(verb);
            String reply = scripted == null ? usualReply : scripted;
            write(reply);
            if (reply.startsWith("421")) {
                throw new EOFException("said 421");
            }
            return reply;
        }

        private void write(String reply) throws IOException {
            out.write((reply.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        private String line() throws IOException {
            return new String(rawLine(), StandardCharsets.UTF_8).strip();
        }

        private byte[] rawLine() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                line.write(b);
                if (b == '\n') {
                    return line.toByteArray();
                }
            }
            throw new EOFException();
        }
    }
}
