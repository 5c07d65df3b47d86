package org.understudy.spool.reception;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client that sends exactly the octets it is told to. */
final class RawClient implements AutoCloseable {
    private Socket socket;
    private BufferedReader in;

    RawClient(InetSocketAddress address) throws IOException {
        this(address, "127.0.0.1");
    }

    RawClient(InetSocketAddress address, String from) throws IOException {
        socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(address);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = reader(socket);
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    Socket socket() {
        return socket;
    }

    RawClient send(String octets) throws IOException {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    RawClient sendUtf8(String text) throws IOException {
        return send(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    RawClient sendByteWise(String octets) throws IOException {
        for (byte b : octets.getBytes(StandardCharsets.ISO_8859_1)) {
            socket.getOutputStream().write(b);
            socket.getOutputStream().flush();
        }
        return this;
    }

    /** The last line of the next reply; "closed" at the end of the stream. */
    String reply() throws IOException {
        String line;
        try {
            do {
                line = in.readLine();
                if (line == null) {
                    return "closed";
                }
            } while (line.length() > 3 && line.charAt(3) == '-');
        } catch (java.net.SocketException e) {
            return "closed";
        }
        return line;
    }

    /** The last lines of the next replies. */
    List<String> replies(int count) throws IOException {
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(reply());
        }
        return replies;
    }

    /** All lines of the next reply. */
    String fullReply() throws IOException {
        StringBuilder lines = new StringBuilder();
        while (true) {
            String line = in.readLine();
            if (line == null) {
                return lines.append("closed").toString();
            }
            lines.append(line).append('\n');
            if (line.length() < 4 || line.charAt(3) == ' ') {
                return lines.toString();
            }
        }
    }

    String ask(String line) throws IOException {
        return send(line + "\r\n").reply();
    }

    void startTls(SSLContext context) throws IOException {
        SSLSocket layered = (SSLSocket) context.getSocketFactory().createSocket(socket, "mx.test", 25, true);
        layered.startHandshake();
        socket = layered;
        in = reader(layered);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
