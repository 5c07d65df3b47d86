package org.understudy.probes.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An exchanger that knows EHLO, NOOP, STARTTLS and QUIT, and begins TLS well or badly. */
final class StartTlsServer implements AutoCloseable {

    enum Manner {
        SOUND,
        WITHOUT_STARTTLS,
        /** Obeys under TLS what came in one segment with STARTTLS. */
        OBEDIENT,
        /** Refuses who does not name it in the handshake. */
        NEEDS_NAME,
        /** Knows no version of TLS that is used today. */
        OLD
    }

    private static final int PROTOCOL_VERSION = 70;
    private static final int UNRECOGNIZED_NAME = 112;

    private final ServerSocket listener;
    private volatile SSLContext context;
    private final AtomicInteger sessions = new AtomicInteger();
    private final String name;
    volatile Manner manner = Manner.SOUND;
    volatile String[] protocols = {"TLSv1.3", "TLSv1.2"};

    StartTlsServer(String name, SSLContext context) {
        this.name = name;
        this.context = context;
        try {
            listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "starttls-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Shows another certificate from now on. */
    void show(SSLContext other) {
        context = other;
    }

    /** How many there have been. */
    int sessions() {
        return sessions.get();
    }

    int port() {
        return listener.getLocalPort();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                sessions.incrementAndGet();
                socket.setSoTimeout(5000);
                talk(socket);
            } catch (IOException e) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private void talk(Socket socket) throws IOException {
        say(socket, "220 " + name + " ESMTP");
        byte[] buffer = new byte[4096];
        for (int n = socket.getInputStream().read(buffer);
                n > 0;
                n = socket.getInputStream().read(buffer)) {
            String segment = new String(buffer, 0, n, StandardCharsets.US_ASCII);
            int end = segment.indexOf("\r\n") + 2;
            String command = segment.substring(0, end).strip().toUpperCase(Locale.ROOT);
            if (command.equals("STARTTLS")) {
                say(socket, "220 go ahead");
                secure(socket, segment.substring(end));
                return;
            }
            answer(socket, command);
        }
    }

    private void answer(Socket socket, String command) throws IOException {
        if (command.startsWith("EHLO")) {
            say(socket, manner == Manner.WITHOUT_STARTTLS ? "250 " + name : "250-" + name + "\r\n250 STARTTLS");
        } else {
            say(socket, command.equals("QUIT") ? "221 bye" : "250 ok");
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private void secure(Socket socket, String behind) throws IOException {
        byte[] hello = hello(socket.getInputStream());
        boolean named = new String(hello, StandardCharsets.ISO_8859_1).contains(name);
        if (manner == Manner.OLD || (manner == Manner.NEEDS_NAME && !named)) {
            int alert = manner == Manner.OLD ? PROTOCOL_VERSION : UNRECOGNIZED_NAME;
            socket.getOutputStream().write(new byte[] {21, 3, 1, 0, 2, 2, (byte) alert});
            return;
        }
        try (SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(socket, new ByteArrayInputStream(hello), true)) {
            tls.setUseClientMode(false);
            tls.setEnabledProtocols(protocols);
            tls.startHandshake();
            if (manner == Manner.OBEDIENT && !behind.isEmpty()) {
                answer(tls, behind.strip());
            }
            byte[] buffer = new byte[4096];
            for (int n = tls.getInputStream().read(buffer);
                    n > 0;
                    n = tls.getInputStream().read(buffer)) {
                answer(tls, new String(buffer, 0, n, StandardCharsets.US_ASCII).strip());
            }
        }
    }

    /** The first record of the handshake, as it came. */
    private static byte[] hello(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        byte[] header = new byte[5];
        data.readFully(header);
        byte[] body = new byte[((header[3] & 0xFF) << 8) | (header[4] & 0xFF)];
        data.readFully(body);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(header);
        all.write(body);
        return all.toByteArray();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
