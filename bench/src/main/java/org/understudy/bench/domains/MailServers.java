package org.understudy.bench.domains;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Every mail server of the world, each at an address of its own: with STARTTLS, three recipients in each domain, and nothing that
 * could be found fault with. Counts the sessions that each has at a time. Thread-safe.
 */
final class MailServers implements AutoCloseable {
    private static final Set<String> RECIPIENTS = Set.of("postmaster", "abuse", "user");
    private static final Pattern RECIPIENT =
            Pattern.compile("RCPT TO:<\"?([^\"@>+]+)\"?(?:\\+[^@>]*)?(?:@([^>]+))?>.*", Pattern.CASE_INSENSITIVE);

    private final SSLContext tls;
    private final Duration greetingDelay;
    private final Selector selector = Selector.open();
    private final ExecutorService sessions = Executors.newCachedThreadPool();
    private final ScheduledExecutorService greetings = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong count = new AtomicLong();
    private final AtomicInteger most = new AtomicInteger();

    /** One server. */
    private record Server(String name, AtomicInteger open) {}

    MailServers(World world, int port, SSLContext tls, Duration greetingDelay) throws IOException {
        this.tls = tls;
        this.greetingDelay = greetingDelay;
        for (int rank = 1; rank <= 2; rank++) {
            for (int server = 0; server < world.servers(); server++) {
                ServerSocketChannel channel = ServerSocketChannel.open();
                channel.bind(new InetSocketAddress(InetAddress.getByName(world.address(rank, server)), port));
                channel.configureBlocking(false);
                channel.register(
                        selector, SelectionKey.OP_ACCEPT, new Server(world.host(rank, server), new AtomicInteger()));
            }
        }
        Thread acceptor = new Thread(this::accept, "acceptor");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Sessions so far. */
    long count() {
        return count.get();
    }

    /** Most sessions that one server had at a time. */
    int most() {
        return most.get();
    }

    private void accept() {
        while (selector.isOpen()) {
            try {
                selector.select(key -> {
                    try {
                        SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
                        if (channel != null) {
                            Server server = (Server) key.attachment();
                            begin(server, channel.socket());
                        }
                    } catch (IOException e) {
                        System.err.println("mail server: " + e);
                    }
                });
            } catch (IOException e) {
                System.err.println("mail servers: " + e);
            }
        }
    }

    /** The session counts from here on, although its greeting comes later. */
    private void begin(Server server, Socket socket) {
        count.incrementAndGet();
        most.accumulateAndGet(server.open().incrementAndGet(), Math::max);
        Future<?> unused = greetings.schedule(
                () -> sessions.execute(() -> serve(server, socket)), greetingDelay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void serve(Server server, Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            Streams streams = Streams.of(socket);
            streams.say("220 " + server.name() + " ESMTP");
            converse(server, socket, streams);
        } catch (IOException e) {
            // The client has gone, as clients do.
        } finally {
            server.open().decrementAndGet();
        }
    }

    private void converse(Server server, Socket socket, Streams plain) throws IOException {
        Streams streams = plain;
        boolean secured = false;
        for (String line = streams.hear(); !line.isEmpty(); line = streams.hear()) {
            String command = line.toUpperCase(Locale.ROOT);
            if (command.equals("STARTTLS")) {
                streams.say("220 2.0.0 Ready");
                SSLSocket encrypted = (SSLSocket) tls.getSocketFactory().createSocket(socket, server.name(), 0, true);
                encrypted.setUseClientMode(false);
                streams = Streams.of(encrypted);
                secured = true;
            } else if (command.startsWith("EHLO ")) {
                ehlo(server, streams, !secured);
            } else {
                streams.say(reply(command));
            }
            if (command.equals("QUIT")) {
                return;
            }
        }
    }

    private static void ehlo(Server server, Streams streams, boolean offersTls) throws IOException {
        List<String> extensions = offersTls
                ? List.of("PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES", "STARTTLS")
                : List.of("PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES");
        StringBuilder reply = new StringBuilder("250-" + server.name());
        for (int i = 0; i < extensions.size(); i++) {
            reply.append("\r\n250")
                    .append(i == extensions.size() - 1 ? ' ' : '-')
                    .append(extensions.get(i));
        }
        streams.say(reply.toString());
    }

    private static String reply(String command) {
        if (command.startsWith("RCPT ")) {
            return recipient(command);
        }
        String verb = command.split(" ", 2)[0];
        return switch (verb) {
            case "MAIL" -> "250 2.1.0 Ok";
            case "RSET", "NOOP", "HELO" -> "250 2.0.0 Ok";
            case "VRFY" -> "252 2.5.0 Send it and see";
            case "QUIT" -> "221 2.0.0 Bye";
            case "DATA" -> "554 5.5.1 No";
            default -> "502 5.5.1 Not here";
        };
    }

    private static String recipient(String command) {
        Matcher matcher = RECIPIENT.matcher(command);
        if (!matcher.matches()) {
            return "501 5.5.4 Syntax";
        }
        String domain = matcher.group(2);
        if (domain != null && !domain.toLowerCase(Locale.ROOT).endsWith("." + World.ZONE)) {
            return "554 5.7.1 Relay access denied";
        }
        return RECIPIENTS.contains(matcher.group(1).toLowerCase(Locale.ROOT)) ? "250 2.1.5 Ok" : "550 5.1.1 Unknown";
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
        greetings.shutdownNow();
        sessions.shutdownNow();
    }

    /** Lines in both directions. */
    private record Streams(InputStream in, OutputStream out) {
        static Streams of(Socket socket) throws IOException {
            return new Streams(
                    new BufferedInputStream(socket.getInputStream()),
                    new BufferedOutputStream(socket.getOutputStream()));
        }

        void say(String lines) throws IOException {
            out.write((lines + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        /** Empty at the end. */
        String hear() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
                if (octet != '\r') {
                    line.append((char) octet);
                }
            }
            return line.toString();
        }
    }
}
