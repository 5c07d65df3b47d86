package org.understudy.probes.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.understudy.smtp.DomainName;

/** One address of a name server. */
record NameServer(DomainName name, InetSocketAddress socket) {

    InetAddress address() {
        return socket.getAddress();
    }

    /** How it is called in evidence. */
    String label() {
        return name + " [" + address().getHostAddress() + "]";
    }

    @Override
    public String toString() {
        return label();
    }
}
