package org.understudy.agent.lab;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Message;

/**
 * The authoritative name server of the lab's domain, UDP and TCP on one port. While stopped it keeps its port and answers
 * nothing, as a dead host does. Thread-safe.
 */
final class LabDns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LabDns.class);
    private static final int TRIES = 20;
    private static final int MAXIMUM_CONNECTIONS = 32;
    private static final int TCP_TIMEOUT_MILLIS = 5000;
    private static final int LARGEST_MESSAGE = 65_535;

    private final LabZone zone;
    private final Supplier<Switches> switches;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final ThreadPoolExecutor connections;

    private LabDns(LabZone zone, Supplier<Switches> switches, DatagramSocket udp, ServerSocket tcp) {
        this.zone = zone;
        this.switches = switches;
        this.udp = udp;
        this.tcp = tcp;
        this.connections = new ThreadPoolExecutor(
                0, MAXIMUM_CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), LabDns::thread);
    }

    static LabDns start(InetAddress bind, int port, LabZone zone, Supplier<Switches> switches) {
        IOException last = new IOException("no port is free for both UDP and TCP");
        for (int i = 0; i < (port == 0 ? TRIES : 1); i++) {
            try {
                return listen(bind, port, zone, switches);
            } catch (IOException e) {
                last = e;
            }
        }
        throw LabPorts.taken(bind, port, "dnsPort", last);
    }

    private static LabDns listen(InetAddress bind, int port, LabZone zone, Supplier<Switches> switches)
            throws IOException {
        ServerSocket tcp = new ServerSocket();
        try {
            tcp.bind(new InetSocketAddress(bind, port));
            DatagramSocket udp = new DatagramSocket(new InetSocketAddress(bind, tcp.getLocalPort()));
            LabDns server = new LabDns(zone, switches, udp, tcp);
            thread(server::serveUdp).start();
            thread(server::serveTcp).start();
            return server;
        } catch (IOException e) {
            tcp.close();
            throw e;
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "lab-dns");
        thread.setDaemon(true);
        return thread;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort());
    }

    private void serveUdp() {
        byte[] buffer = new byte[LARGEST_MESSAGE];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] octets = Arrays.copyOf(packet.getData(), packet.getLength());
                Optional<byte[]> answer = answer(octets, true);
                if (answer.isPresent()) {
                    udp.send(new DatagramPacket(answer.get(), answer.get().length, packet.getSocketAddress()));
                }
            } catch (IOException | RuntimeException e) {
                if (!udp.isClosed()) {
                    LOG.warn("a DNS query went unanswered: {}", e.toString());
                }
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                try {
                    connections.execute(() -> serve(socket));
                } catch (RejectedExecutionException e) {
                    socket.close();
                }
            } catch (IOException e) {
                if (!tcp.isClosed()) {
                    LOG.warn("a DNS connection failed: {}", e.toString());
                }
            }
        }
    }

    /** Any number of queries, each behind its length (RFC 1035 section 4.2.2). */
    private void serve(Socket socket) {
        try (socket;
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            socket.setSoTimeout(TCP_TIMEOUT_MILLIS);
            while (!tcp.isClosed()) {
                byte[] octets = new byte[in.readUnsignedShort()];
                in.readFully(octets);
                Optional<byte[]> answer = answer(octets, false);
                if (answer.isPresent()) {
                    byte[] framed = new byte[answer.get().length + 2];
                    framed[0] = (byte) (answer.get().length >>> 8);
                    framed[1] = (byte) answer.get().length;
                    System.arraycopy(answer.get(), 0, framed, 2, answer.get().length);
                    out.write(framed);
                }
            }
        } catch (EOFException e) {
            LOG.trace("DNS client has gone");
        } catch (IOException | RuntimeException e) {
            LOG.debug("a DNS connection ended: {}", e.toString());
        }
    }

    private Optional<byte[]> answer(byte[] octets, boolean overUdp) throws IOException {
        Switches now = switches.get();
        if (now.dnsStopped()) {
            return Optional.empty();
        }
        Message query = new Message(octets);
        Message response = DnsAnswers.answer(zone.zone(now), query);
        return Optional.of(response.toWire(overUdp ? DnsAnswers.udpPayload(query) : LARGEST_MESSAGE));
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            LOG.debug("closing the DNS port: {}", e.toString());
        }
        connections.shutdownNow();
    }
}
