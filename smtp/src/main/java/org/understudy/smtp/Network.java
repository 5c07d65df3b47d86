package org.understudy.smtp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of addresses that share their first bits (RFC 4632). Immutable.
 *
 * @param address with all further bits zero
 * @param prefixLength how many bits they share
 */
public record Network(InetAddress address, int prefixLength) {
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");
    // Only shape: what it lets through goes to the JDK's parser, which looks no name up where there is a colon.
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");

    public Network {
        int bits = 8 * address.getAddress().length;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException(
                    "The prefix of " + address.getHostAddress() + " is " + prefixLength + ", it must be 0 to " + bits);
        }
        address = mask(address, prefixLength);
    }

    /**
     * Parses {@code 192.0.2.0/24}, {@code 2001:db8::/32} or a single address.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String prefix = slash < 0 ? "" : text.substring(slash + 1);
        Optional<InetAddress> address = parseAddress(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty() || (slash >= 0 && !prefix.matches("\\d{1,3}"))) {
            throw new IllegalArgumentException("\"" + text
                    + "\" is not a network: write an address, or address/prefix as 192.0.2.0/24 or 2001:db8::/32");
        }
        int bits = 8 * address.get().getAddress().length;
        return new Network(address.get(), slash < 0 ? bits : Integer.parseInt(prefix));
    }

    /** Parses an IP address; empty if it is something else. Never looks a name up. */
    public static Optional<InetAddress> parseAddress(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** The network one customer has: the /24 of an IPv4 address, the /64 of an IPv6 address. */
    public static Network around(InetAddress client) {
        return new Network(client, client instanceof Inet4Address ? 24 : 64);
    }

    public boolean contains(InetAddress client) {
        return client.getAddress().length == address.getAddress().length
                && mask(client, prefixLength).equals(address);
    }

    /** True if one of them has it. */
    public static boolean anyContains(List<Network> networks, InetAddress client) {
        for (Network network : networks) {
            if (network.contains(client)) {
                return true;
            }
        }
        return false;
    }

    private static InetAddress mask(InetAddress address, int prefixLength) {
        byte[] octets = address.getAddress();
        for (int i = 0; i < octets.length; i++) {
            int kept = Math.max(0, Math.min(8, prefixLength - 8 * i));
            octets[i] &= (byte) (0xff00 >> kept);
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has as many octets as before", e);
        }
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefixLength;
    }
}
