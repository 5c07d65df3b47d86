package org.understudy.agent.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** The addresses of the lab before anything listens on them. Stateless. */
final class LabPorts {

    private LabPorts() {}

    /** The address to bind to, which nobody outside this machine can reach. */
    static InetAddress loopback(String text) {
        try {
            InetAddress address = InetAddress.getByName(text);
            if (address.isLoopbackAddress()) {
                return address;
            }
        } catch (UnknownHostException e) {
            throw new LabException("lab.bindAddress: \"" + text + "\" is no address; use 127.0.0.1.", e);
        }
        throw new LabException("lab.bindAddress: " + text
                + " is not a loopback address; the lab protects nothing and must not be reached from outside.");
    }

    /** The port itself, or a free one for 0, after having made sure that TCP can listen on it. */
    static InetSocketAddress free(InetAddress bind, int port, String key) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(bind, port));
            return new InetSocketAddress(bind, socket.getLocalPort());
        } catch (IOException e) {
            throw taken(bind, port, key, e);
        }
    }

    static LabException taken(InetAddress bind, int port, String key, Exception cause) {
        return new LabException(
                "lab." + key + ": port " + port + " of " + bind.getHostAddress()
                        + " cannot be used, most likely because another program listens there;"
                        + " stop it or set another port (0 for any free one).",
                cause);
    }
}
