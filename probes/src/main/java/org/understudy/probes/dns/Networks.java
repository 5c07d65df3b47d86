package org.understudy.probes.dns;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Optional;
import org.understudy.probes.DnsSettings;
import org.understudy.smtp.Network;

/** Tells whether addresses are near each other: in one /24 of IPv4 or one /48 of IPv6, the smallest blocks that are routed. */
final class Networks {
    private static final int IPV4_OCTETS = 4;
    private static final int IPV4_PREFIX = 24;
    private static final int IPV6_PREFIX = 48;

    private Networks() {}

    /** A network that has an address of either side, unless the operator says that nothing follows from it. */
    static Optional<Network> shared(
            Collection<InetAddress> some, Collection<InetAddress> others, DnsSettings settings) {
        return some.stream()
                .filter(a -> !settings.isIndependent(a))
                .map(Networks::around)
                .filter(network -> others.stream().anyMatch(network::contains))
                .findFirst();
    }

    private static Network around(InetAddress address) {
        return new Network(address, address.getAddress().length == IPV4_OCTETS ? IPV4_PREFIX : IPV6_PREFIX);
    }
}
