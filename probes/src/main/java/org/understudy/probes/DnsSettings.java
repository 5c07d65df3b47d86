package org.understudy.probes;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom to ask.
 *
 * @param resolvers recursive resolvers, asked in order; empty for those of the system
 * @param authoritativePort port of authoritative servers: 53, except in a lab
 * @param tryTimeout per try over UDP; there are two tries per server, then TCP
 */
public record DnsSettings(List<InetSocketAddress> resolvers, int authoritativePort, Duration tryTimeout) {
    public DnsSettings {
        resolvers = List.copyOf(resolvers);
    }
}
