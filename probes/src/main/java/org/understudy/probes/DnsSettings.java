package org.understudy.probes;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.understudy.smtp.Network;

/**
 * Whom to ask, and how to read addresses.
 *
 * @param resolvers recursive resolvers, asked in order; empty for those of the system
 * @param authoritativePort port of authoritative servers: 53, except in a lab
 * @param tryTimeout per try over UDP; there are two tries per server, then TCP
 * @param publicNetworks networks that count as public although their addresses are reserved: of a lab, or inside a company
 * @param independentNetworks networks whose hosts do not fail together: anycast, or a lab
 * @param trustAnchors DS or DNSKEY records to validate from, as zone text; empty to leave DNSSEC alone
 */
public record DnsSettings(
        List<InetSocketAddress> resolvers,
        int authoritativePort,
        Duration tryTimeout,
        List<Network> publicNetworks,
        List<Network> independentNetworks,
        String trustAnchors) {
    public DnsSettings {
        resolvers = List.copyOf(resolvers);
        publicNetworks = List.copyOf(publicNetworks);
        independentNetworks = List.copyOf(independentNetworks);
    }

    public DnsSettings(List<InetSocketAddress> resolvers, int authoritativePort, Duration tryTimeout) {
        this(resolvers, authoritativePort, tryTimeout, List.of(), List.of(), "");
    }

    /** True if the operator says that the address is to be taken for a public one. */
    public boolean isDeclaredPublic(InetAddress address) {
        return publicNetworks.stream().anyMatch(n -> n.contains(address));
    }

    /** True if the operator says that nothing follows from where this address is. */
    public boolean isIndependent(InetAddress address) {
        return independentNetworks.stream().anyMatch(n -> n.contains(address));
    }
}
