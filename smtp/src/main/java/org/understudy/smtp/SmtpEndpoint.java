package org.understudy.smtp;

import java.net.InetAddress;

/**
 * One address of one host to connect to.
 *
 * @param host the name by which the host is known (an MX target, a configured next hop): sent as SNI, checked against the
 *     certificate
 * @param address the address the connection goes to; nothing is looked up
 * @param port TCP port
 */
public record SmtpEndpoint(String host, InetAddress address, int port) {

    /** {@code mx1.example.org[192.0.2.1]:25}. */
    @Override
    public String toString() {
        return host + "[" + address.getHostAddress() + "]:" + port;
    }
}
