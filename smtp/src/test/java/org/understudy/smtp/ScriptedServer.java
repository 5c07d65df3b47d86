package org.understudy.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A real SMTP server for tests that says what the test wants. By default it accepts everything and remembers it. Changed by
 * its setters at any time; thread-safe; serves any number of connections.
 *
 * <p>What it does can be changed at the <em>points</em> of a session: the verbs in upper case ({@code EHLO},
 * {@code STARTTLS}, {@code MAIL}, {@code RCPT}, {@code DATA}, {@code RSET}, {@code QUIT}, ...) and
 *
 * <ul>
 *   <li>{@code GREETING};
 *   <li>{@code CONTENT}: after the 354, when the first line of content was read, unless it is the dot;
 *   <li>{@code DOT}: the reply to the final dot.
 * </ul>
 *
 * <p>{@link #answer} gives another reply there, {@link #on} does anything else, from a reset to an endless reply.
 */
public final class ScriptedServer implements AutoCloseable {

    /** What happens when the final dot was read, instead of a reply. */
    public enum AtDot {
        REPLY,
        RESET,
        SILENCE
    }

    /**
     * A message that the server accepted, or whose acceptance it could not tell because the connection was cut by a script
     * instead.
     *
     * @param mailFrom the argument of MAIL after {@code FROM:}, with its parameters
     * @param recipients the arguments of the accepted RCPT after {@code TO:}
     * @param text dots unstuffed, one character per octet (ISO 8859-1)
     * @param raw as it came over the wire, final dot included
     */
    public record Message(String mailFrom, List<String> recipients, String text, String raw) {
        public byte[] content() {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    private final InetAddress address;
    private volatile int port;
    private volatile @Nullable ServerSocket listener;
    private volatile @Nullable Thread accepting;
    private volatile CountDownLatch paused = new CountDownLatch(1);
    private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final List<String> serverNames = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, IntFunction<Optional<Answer>>> scripts = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private volatile List<String> keywords = List.of("PIPELINING", "SIZE 100000000", "8BITMIME", "DSN");
    private volatile @Nullable SSLContext tls;
    private final List<Map.Entry<Pattern, String>> rules = new CopyOnWriteArrayList<>();
    private final List<Map.Entry<Pattern, String>> verdicts = new CopyOnWriteArrayList<>();
    private volatile boolean lenient;
    private volatile boolean holdsReplies;
    private volatile int resetAfterContentOctets = Integer.MAX_VALUE;

    private ScriptedServer(InetAddress address) {
        this.address = address;
    }

    /** Listens on any free port of 127.0.0.1, offering PIPELINING, SIZE, 8BITMIME and DSN. */
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
        paused.countDown();
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
            open.forEach(ServerConnection::cut);
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
            socket.bind(new InetSocketAddress(address, port), 500);
            port = socket.getLocalPort();
            listener = socket;
            paused = new CountDownLatch(1);
            accepting = daemon("scripted-accept", () -> accept(socket));
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

    /** Every command line received, in order; may be cleared. */
    public List<String> commands() {
        return commands;
    }

    /** Every message accepted, in order; may be cleared. */
    public List<Message> messages() {
        return messages;
    }

    public int connections() {
        return connections.get();
    }

    /** The names that clients sent in their TLS handshakes (SNI). */
    public List<String> serverNames() {
        return serverNames;
    }

    /** What EHLO offers besides STARTTLS, which is offered when there is a certificate. */
    public ScriptedServer offers(String... extensions) {
        keywords = List.of(extensions);
        return this;
    }

    /** Answers at a point always with this; lines separated by {@code \n}. */
    public ScriptedServer answer(String point, String reply) {
        return answer(point, n -> reply);
    }

    /** Answers the n-th time (from 0) at a point; null for the usual answer. */
    public ScriptedServer answer(String point, IntFunction<@Nullable String> script) {
        return script(point, n -> Optional.ofNullable(script.apply(n)).map(Answer::reply));
    }

    /** Does this every time at a point. */
    public ScriptedServer on(String point, Answer answer) {
        return script(point, n -> Optional.of(answer));
    }

    /** Answers each command that matches, whatever it is, always with this, and does nothing else. The first match counts. */
    public ScriptedServer whenever(String command, String reply) {
        rules.add(Map.entry(Pattern.compile(command), reply));
        return this;
    }

    /** Answers the dot after each content in which that is found always with this. The first match counts. */
    public ScriptedServer judging(String content, String reply) {
        verdicts.add(Map.entry(Pattern.compile(content), reply));
        return this;
    }

    /** As if nothing had been said by {@link #whenever} and {@link #judging}. */
    public ScriptedServer asUsual() {
        rules.clear();
        verdicts.clear();
        return this;
    }

    /** Takes a dot on a line of its own for the end of content, whatever ended the line before. */
    public ScriptedServer lenient() {
        lenient = true;
        return this;
    }

    /** Does this only the n-th time (from 0) at a point. */
    public ScriptedServer on(String point, int nth, Answer answer) {
        return script(point, n -> n == nth ? Optional.of(answer) : Optional.empty());
    }

    public ScriptedServer usual(String point) {
        scripts.remove(point);
        return this;
    }

    public ScriptedServer atDot(AtDot what) {
        return switch (what) {
            case REPLY -> usual("DOT");
            case RESET -> on("DOT", Answer.reset());
            case SILENCE -> on("DOT", Answer.silence());
        };
    }

    /** The usual reply to the dot waits for the latch. */
    public ScriptedServer holdDot(CountDownLatch gate) {
        return on("DOT", Answer.await(gate).then(Answer.reply("250 2.0.0 Ok: queued after a while")));
    }

    /** Sends the replies to MAIL and RCPT only when DATA has come: a client that does not pipeline waits in vain. */
    public ScriptedServer holdReplies() {
        holdsReplies = true;
        return this;
    }

    public ScriptedServer resetAfterContent(int octets) {
        resetAfterContentOctets = octets;
        return this;
    }

    /** Offers STARTTLS; see {@link TestCertificates}. */
    public ScriptedServer tls(SSLContext context) {
        tls = context;
        return this;
    }

    /** Plaintext sent in the same segment as the 220 to STARTTLS. */
    public ScriptedServer injectAfterStartTls(String text) {
        return on("STARTTLS", Answer.raw("220 2.0.0 go ahead\r\n" + text));
    }

    @Override
    public void close() {
        pause();
    }

    Optional<String> rule(String command) {
        return rules.stream()
                .filter(rule -> rule.getKey().matcher(command).find())
                .findFirst()
                .map(Map.Entry::getValue);
    }

    Optional<String> verdict(String content) {
        return verdicts.stream()
                .filter(rule -> rule.getKey().matcher(content).find())
                .findFirst()
                .map(Map.Entry::getValue);
    }

    boolean isLenient() {
        return lenient;
    }

    List<String> keywords() {
        return keywords;
    }

    Optional<SSLContext> tls() {
        return Optional.ofNullable(tls);
    }

    boolean holdsReplies() {
        return holdsReplies;
    }

    int resetAfterContentOctets() {
        return resetAfterContentOctets;
    }

    /** What to do at a point that was reached now; empty for the usual. */
    Optional<Answer> at(String point) {
        int n = counts.computeIfAbsent(point, p -> new AtomicInteger()).getAndIncrement();
        return scripts.getOrDefault(point, any -> Optional.empty()).apply(n);
    }

    /** The nth time, from 0, that it comes to that point: what it does, or nothing out of the ordinary. */
    public ScriptedServer script(String point, IntFunction<Optional<Answer>> script) {
        scripts.put(point, script);
        counts.remove(point);
        return this;
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket peer = socket.accept();
                connections.incrementAndGet();
                ServerConnection connection = new ServerConnection(peer, paused);
                open.add(connection);
                daemon("scripted-session", () -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(ServerConnection connection) {
        try {
            new ScriptedDialogue(this, connection).run();
        } finally {
            open.remove(connection);
        }
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
