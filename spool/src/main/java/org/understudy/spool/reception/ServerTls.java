package org.understudy.spool.reception;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The server's side of STARTTLS (RFC 3207). Stateless. */
final class ServerTls {
    private static final Duration HANDSHAKE = Duration.ofSeconds(60);

    private ServerTls() {}

    static SSLSocket layer(Socket plain, SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        socket.setSoTimeout((int) HANDSHAKE.toMillis());
        socket.startHandshake();
        return socket;
    }
}
