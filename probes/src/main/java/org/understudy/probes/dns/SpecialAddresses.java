package org.understudy.probes.dns;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.smtp.Network;

/** The address blocks that nobody on the Internet can reach, from the IANA special-purpose address registries (RFC 6890). */
public final class SpecialAddresses {
    private static final Map<Network, String> BLOCKS = new LinkedHashMap<>();

    static {
        block("0.0.0.0/8", "this network");
        block("10.0.0.0/8", "private");
        block("100.64.0.0/10", "shared by a carrier");
        block("127.0.0.0/8", "loopback");
        block("169.254.0.0/16", "link-local");
        block("172.16.0.0/12", "private");
        block("192.0.0.0/24", "protocol assignments");
        block("192.0.2.0/24", "documentation");
        block("192.168.0.0/16", "private");
        block("198.18.0.0/15", "benchmarking");
        block("198.51.100.0/24", "documentation");
        block("203.0.113.0/24", "documentation");
        block("224.0.0.0/4", "multicast");
        block("240.0.0.0/4", "reserved");
        block("::/128", "unspecified");
        block("::1/128", "loopback");
        block("64:ff9b:1::/48", "local translation");
        block("100::/64", "discard");
        block("2001:2::/48", "benchmarking");
        block("2001:db8::/32", "documentation");
        block("3fff::/20", "documentation");
        block("5f00::/16", "segment routing");
        block("fc00::/7", "private");
        block("fe80::/10", "link-local");
        block("ff00::/8", "multicast");
    }

    private SpecialAddresses() {}

    private static void block(String network, String use) {
        BLOCKS.put(Network.parse(network), use);
    }

    /** What an address is reserved for; empty for one that can be public. */
    public static Optional<String> use(InetAddress address) {
        return BLOCKS.entrySet().stream()
                .filter(block -> block.getKey().contains(address))
                .map(block -> block.getValue() + " (" + block.getKey() + ")")
                .findFirst();
    }
}
