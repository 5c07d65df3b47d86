package org.understudy.spool;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Optional;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Network;

/**
 * Whether a next hop leads back to us. Looks nothing up: a name that leads here is found out when the next hop greets with our
 * own. Stateless.
 */
final class Ourselves {

    private Ourselves() {}

    static boolean isNextHop(NextHop nextHop, List<InetSocketAddress> listen, DomainName ourName) {
        return nextHop.addresses().stream().anyMatch(hop -> isAt(hop, listen, ourName));
    }

    private static boolean isAt(HopAddress nextHop, List<InetSocketAddress> listen, DomainName ourName) {
        return listen.stream()
                .filter(l -> l.getPort() != 0 && l.getPort() == nextHop.port())
                .anyMatch(l -> nextHop.host().equalsIgnoreCase(ourName.text())
                        || nextHop.host().equalsIgnoreCase(l.getHostString())
                        || address(nextHop.host())
                                .filter(a -> reaches(a, l.getAddress()))
                                .isPresent());
    }

    private static Optional<InetAddress> address(String host) {
        return host.equalsIgnoreCase("localhost")
                ? Optional.of(InetAddress.getLoopbackAddress())
                : Network.parseAddress(host);
    }

    /** Who connects to 0.0.0.0 or :: comes to loopback; who listens there is found at every address of the machine. */
    private static boolean reaches(InetAddress address, InetAddress listener) {
        if (address.equals(listener)) {
            return true;
        }
        return listener.isAnyLocalAddress()
                ? isOfThisMachine(address)
                : address.isAnyLocalAddress() && listener.isLoopbackAddress();
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }
}
