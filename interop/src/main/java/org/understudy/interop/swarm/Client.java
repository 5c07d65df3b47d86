package org.understudy.interop.swarm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that speaks SMTP from an address of its own. Confined to one thread. */
final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Socket socket;

    /** Connects to a port of this machine. */
    Client(InetAddress from, int port) throws IOException {
        this.socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(from, 0));
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    void send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.US_ASCII));
    }

    /** Says something and expects a reply with that code. */
    void ask(String octets, int code) throws IOException {
        send(octets);
        expect(code);
    }

    /** Reads one reply, octet by octet, so that nothing needs a buffer. */
    void expect(int code) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                throw new IOException("closed instead of " + code + ", after \"" + line + "\"");
            }
            if (octet != '\n') {
                line.append((char) octet);
            } else if (line.length() > 3 && line.charAt(3) == '-') {
                line.setLength(0);
            } else if (line.toString().startsWith(Integer.toString(code))) {
                return;
            } else {
                throw new IOException(
                        "expected " + code + ", got " + line.toString().strip());
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
