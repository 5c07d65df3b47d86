package org.understudy.interop.gauntlet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;

/** Everybody who listens in this process: mail hosts and policy hosts, each at its own addresses. Thread-safe. */
final class MailHosts implements AutoCloseable {
    private static final int SMTP = 25;
    private static final int HTTPS = 443;
    private static final int BACKLOG = 100;

    private final Certificates certificates;
    private final List<ServerSocket> listeners = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    MailHosts(Certificates certificates) {
        this.certificates = certificates;
    }

    /** What is done with one connection. */
    @FunctionalInterface
    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    /** Starts the hosts of a domain that are not real servers. */
    void start(Domain domain, int number) throws IOException {
        for (PolicyPage page : domain.pages()) {
            SSLContext tls = certificates.context(page.certificate(), domain, false);
            listen(Places.fill("<5>", number), HTTPS, socket -> PolicyHost.serve(page, tls, socket));
        }
        if (domain.isReal()) {
            return;
        }
        for (String name : domain.hosts().keySet()) {
            MailHost host = domain.manner(name);
            if (host.takes() == MailHost.Manner.CLOSED) {
                continue;
            }
            boolean needsName = host.handshake() == MailHost.Handshake.NEEDS_NAME;
            Optional<SSLContext> tls = host.certificate().isPresent()
                    ? Optional.of(certificates.context(host.certificate().get(), domain, needsName))
                    : Optional.empty();
            for (String at : domain.hosts().get(name)) {
                if (isOurs(at)) {
                    listen(Places.fill(at, number), SMTP, socket -> new MailSession(host, tls, socket, closed).run());
                }
            }
        }
    }

    /** True for a place; an address that is written out belongs to nobody, or to another domain. */
    private static boolean isOurs(String at) {
        return at.startsWith("<");
    }

    private synchronized void listen(String address, int port, Service service) throws IOException {
        InetSocketAddress where = new InetSocketAddress(InetAddress.getByName(address), port);
        if (listeners.stream().anyMatch(l -> l.getLocalSocketAddress().equals(where))) {
            return;
        }
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(where, BACKLOG);
        listeners.add(listener);
        daemon(() -> accept(listener, service));
    }

    private static void accept(ServerSocket listener, Service service) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                daemon(() -> serve(socket, service));
            } catch (IOException e) {
                // Closed, or the peer is gone already: the loop ends, or goes on.
            }
        }
    }

    private static void serve(Socket socket, Service service) {
        try (socket) {
            service.serve(socket);
        } catch (IOException e) {
            // Clients leave as they like.
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "staged-host");
        thread.setDaemon(true);
        thread.start();
    }

    synchronized int count() {
        return listeners.size();
    }

    @Override
    public synchronized void close() throws IOException {
        closed.countDown();
        for (ServerSocket listener : listeners) {
            listener.close();
        }
    }
}
