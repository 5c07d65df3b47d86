package org.understudy.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The server's end of one connection. Confined to the thread that serves it. */
public final class ServerConnection {

    private final Socket plain;
    private final CountDownLatch serverClosed;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private volatile Socket socket;
    private InputStream in;
    private OutputStream out;
    private boolean holding;
    private String lastWritten = "";
    private @Nullable Runnable acceptance;

    ServerConnection(Socket plain, CountDownLatch serverClosed) throws IOException {
        this.plain = plain;
        this.serverClosed = serverClosed;
        this.socket = plain;
        this.in = new BufferedInputStream(plain.getInputStream());
        this.out = plain.getOutputStream();
        plain.setTcpNoDelay(true);
    }

    /** Sends these octets. */
    public void write(byte[] octets) throws IOException {
        boolean positive = octets.length > 0 && octets[0] == '2';
        settle(positive);
        lastWritten = new String(octets, StandardCharsets.ISO_8859_1);
        if (holding) {
            held.write(octets);
        } else {
            out.write(octets);
            out.flush();
        }
    }

    /** Closes the connection. */
    public void close() {
        settle(true);
        cut();
    }

    /** Closes the connection from any thread. */
    void cut() {
        try {
            plain.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with RST. */
    public void reset() throws IOException {
        settle(true);
        plain.setSoLinger(true, 0);
        plain.close();
    }

    /** Does nothing until the server is closed; the connection stays open and unread. */
    public void hang() {
        pause(Duration.ofHours(1));
    }

    /** Does nothing until the latch is down, or the server is closed. */
    public void await(CountDownLatch gate) {
        while (serverClosed.getCount() > 0 && gate.getCount() > 0) {
            pause(Duration.ofMillis(5));
        }
    }

    /** Does nothing for a while, or until the server is closed. */
    public void pause(Duration time) {
        try {
            boolean closed = serverClosed.await(time.toNanos(), TimeUnit.NANOSECONDS);
            if (closed) {
                cut();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cut();
        }
    }

    /** Runs when the next reply is 2yz, just before it is sent, or when the connection is cut instead of a reply. */
    void onAcceptance(Runnable task) {
        acceptance = task;
    }

    private void settle(boolean accepted) {
        Runnable task = acceptance;
        acceptance = null;
        if (accepted && task != null) {
            task.run();
        }
    }

    /** True if the last that was written begins like this. */
    boolean answered(String beginning) {
        return lastWritten.startsWith(beginning);
    }

    boolean isTls() {
        return socket != plain;
    }

    /** Keeps what is written until it is released, as one write. */
    void hold(boolean hold) throws IOException {
        holding = hold;
        if (!hold && held.size() > 0) {
            byte[] all = held.toByteArray();
            held.reset();
            write(all);
        }
    }

    /** Shakes hands; the name that the client asked for, if it did. */
    Optional<String> startTls(SSLContext context) throws IOException {
        SSLSocket secure = (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true);
        secure.setUseClientMode(false);
        secure.startHandshake();
        in = new BufferedInputStream(secure.getInputStream());
        out = secure.getOutputStream();
        socket = secure;
        if (secure.getSession() instanceof ExtendedSSLSession session) {
            return session.getRequestedServerNames().stream()
                    .filter(SNIHostName.class::isInstance)
                    .map(name -> ((SNIHostName) name).getAsciiName())
                    .findFirst();
        }
        return Optional.empty();
    }

    /** One command without CRLF, or null at the end of the connection. */
    @Nullable
    String readCommand() throws IOException {
        byte @Nullable [] line = readLine();
        return line == null ? null : new String(line, StandardCharsets.UTF_8).replaceAll("\r?\n$", "");
    }

    /** One line with its LF, or null at the end of the connection. */
    byte @Nullable [] readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        int c;
        do {
            c = in.read();
            if (c < 0) {
                return null;
            }
            line.write(c);
        } while (c != '\n');
        return line.toByteArray();
    }
}
