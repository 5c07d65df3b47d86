package org.understudy.interop.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says what it is told to, right or wrong. Confined to one thread. */
public final class SmtpClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final BufferedReader in;

    /** Connects, and reads the greeting. */
    public SmtpClient(InetSocketAddress server) throws IOException {
        this(server, InetAddress.getLoopbackAddress());
    }

    /** The same from an address of ours. */
    public SmtpClient(InetSocketAddress server, InetAddress from) throws IOException {
        socket.bind(new InetSocketAddress(from, 0));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(server, PATIENCE_MILLIS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        reply();
    }

    /** Says something and returns the reply, lines joined by a space. */
    public String say(String command) throws IOException {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
        return reply();
    }

    /**
     * The same.
     *
     * @throws IOException if the reply has another code
     */
    public String require(String command, int code) throws IOException {
        String reply = say(command);
        if (!reply.startsWith(Integer.toString(code))) {
            throw new IOException(command + ": " + reply);
        }
        return reply;
    }

    private String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            reply.append(line).append(' ');
            line = in.readLine();
        }
        if (line == null) {
            throw new IOException("the server closed the connection");
        }
        return reply.append(line).toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
