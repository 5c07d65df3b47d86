package org.understudy.spool.reception;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/**
 * The only class that knows SubEtha SMTP: it binds one address, accepts connections and gives each a thread. The whole
 * conversation is held where SubEtha asks whether the session is welcome, before it would say or read anything itself; when the
 * conversation is over the socket is closed, and SubEtha's answer goes nowhere.
 */
final class SubEthaListener implements AutoCloseable {
    private static final int BACKLOG = 500;
    private static final AtomicInteger THREADS = new AtomicInteger();

    private final SMTPServer server;
    private final InetSocketAddress address;

    private SubEthaListener(SMTPServer server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Listens.
     *
     * @param maximumSessions only for sizing; admission is the conversation's business
     * @throws IOException if the address cannot be used
     */
    static SubEthaListener start(InetSocketAddress wanted, int maximumSessions, Consumer<Socket> serve)
            throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "smtp-session-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        SMTPServer server = SMTPServer.port(wanted.getPort())
                .bindAddress(Optional.of(wanted.getAddress()))
                .backlog(BACKLOG)
                // Room for those that are turned away with a reply.
                .maxConnections(maximumSessions + BACKLOG)
                .executorService(threads)
                .sessionHandler(new ConversationHandler(serve))
                .serverThreadName("smtp-accept-" + wanted.getPort())
                .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            threads.shutdown();
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
        }
        return new SubEthaListener(server, new InetSocketAddress(wanted.getAddress(), server.getPortAllocated()));
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        server.stop();
    }

    private record ConversationHandler(Consumer<Socket> serve) implements SessionHandler {
        @Override
        public SessionAcceptance accept(Session session) {
            serve.accept(session.getSocket());
            return SessionAcceptance.failure(421, "4.3.2 Closed");
        }

        @Override
        public void onSessionEnd(Session session) {
            // Not called for a session that was not accepted, and none is.
        }
    }
}
