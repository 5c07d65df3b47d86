package org.understudy.probes;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Addresses that share their first bits. Immutable.
 *
 * @param first an address of the range
 * @param prefixLength how many bits they share
 */
public record AddressRange(InetAddress first, int prefixLength) {

    /**
     * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or one address.
     *
     * @throws IllegalArgumentException if the text is neither; the message quotes it
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        // Anything but digits and colons would be looked up as a name.
        if (address.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            try {
                InetAddress first = InetAddress.getAllByName(address)[0];
                int bits = first.getAddress().length * Byte.SIZE;
                int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
                if (prefix >= 0 && prefix <= bits) {
                    return new AddressRange(first, prefix);
                }
            } catch (UnknownHostException | NumberFormatException e) {
                throw new IllegalArgumentException(complaint(text), e);
            }
        }
        throw new IllegalArgumentException(complaint(text));
    }

    private static String complaint(String text) {
        return "not a network: \"" + text + "\"; write it like 192.0.2.0/24 or 2001:db8::/32";
    }

    public boolean contains(InetAddress address) {
        return address.getAddress().length == first.getAddress().length
                && network(address).equals(network(first));
    }

    private BigInteger network(InetAddress address) {
        return new BigInteger(1, address.getAddress())
                .shiftRight(address.getAddress().length * Byte.SIZE - prefixLength);
    }

    @Override
    public String toString() {
        return first.getHostAddress() + "/" + prefixLength;
    }
}
