package org.understudy.spool.reception;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/**
 * The only class that knows SubEtha SMTP: it binds one address and accepts connections. SubEtha sees a stand-in of each
 * connection, on its accept thread, just long enough to hand the connection itself on: its session would keep 32 KiB of buffers
 * for as long as the client stays, and its accept thread would wait once it has as many sessions as it wants.
 */
final class SubEthaListener implements AutoCloseable {
    /** Connections the kernel keeps while we accept others; it takes less if it is told so (somaxconn). */
    private static final int BACKLOG = 1024;

    private final SMTPServer server;
    private final InetSocketAddress address;

    private SubEthaListener(SMTPServer server, InetSocketAddress address) {
        this.server = server;
        this.address = address;
    }

    /**
     * Listens.
     *
     * @param take called on the accept thread, must not block
     * @throws IOException if the address cannot be used
     */
    static SubEthaListener start(InetSocketAddress wanted, Consumer<SocketChannel> take) throws IOException {
        SMTPServer server = SMTPServer.port(wanted.getPort())
                .bindAddress(Optional.of(wanted.getAddress()))
                .backlog(BACKLOG)
                .serverSocketFactory(Listening::new)
                .executorService(new OnTheAcceptThread())
                .sessionHandler(new Handover(take))
                .serverThreadName("smtp-accept-" + wanted.getPort())
                .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
        }
        return new SubEthaListener(server, new InetSocketAddress(wanted.getAddress(), server.getPortAllocated()));
    }

    InetSocketAddress address() {
        return address;
    }

    /** When it returns, the port is closed. */
    @Override
    public void close() {
        server.stop();
    }

    private record Handover(Consumer<SocketChannel> take) implements SessionHandler {
        @Override
        public SessionAcceptance accept(Session session) {
            take.accept(((StandIn) session.getSocket()).connection);
            return SessionAcceptance.failure(421, "4.3.2 Closed");
        }

        @Override
        public void onSessionEnd(Session session) {
            // Not called for a session that was not accepted, and none is.
        }
    }

    /** A server socket for SubEtha, whose connections are channels. */
    private static final class Listening extends ServerSocket {
        private final ServerSocketChannel channel = ServerSocketChannel.open();

        Listening() throws IOException {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        }

        @Override
        public void bind(SocketAddress address, int backlog) throws IOException {
            channel.bind(address, backlog);
        }

        @Override
        public Socket accept() throws IOException {
            return new StandIn(channel.accept());
        }

        @Override
        public int getLocalPort() {
            return channel.socket().getLocalPort();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** What SubEtha gets: it says nothing to the client, hears nothing of it and closes nothing. */
    private static final class StandIn extends Socket {
        private final SocketChannel connection;

        StandIn(SocketChannel connection) {
            this.connection = connection;
        }

        @Override
        public SocketAddress getRemoteSocketAddress() {
            return connection.socket().getRemoteSocketAddress();
        }

        @Override
        public InetAddress getInetAddress() {
            return connection.socket().getInetAddress();
        }

        @Override
        public int getPort() {
            return connection.socket().getPort();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void setSoTimeout(int millis) {
            // Nothing is ever read here.
        }
    }

    /** Runs what SubEtha wants run at once: it is the handover only. */
    private static final class OnTheAcceptThread extends AbstractExecutorService {
        private volatile boolean shutdown;

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
