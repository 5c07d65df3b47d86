package org.understudy.spool.reception;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.understudy.smtp.Network;

/**
 * Reads the header with which a proxy says for whom it connects: the PROXY protocol, version 1 or 2, as HAProxy describes it in
 * proxy-protocol.txt. Takes the octets of the header and not one more. Stateless.
 */
final class ProxyHeader {
    private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    /** Section 2.1: the longest line, with its end. */
    private static final int MAX_LINE = 107;

    private static final int VERSION_2_LOCAL = 0x20;
    private static final int VERSION_2_PROXY = 0x21;
    private static final int TCP_OVER_IPV4 = 0x11;
    private static final int TCP_OVER_IPV6 = 0x21;
    /** Families whose addresses are no IP addresses, or none at all: UNSPEC and UNIX streams. */
    private static final int UNSPECIFIED = 0x00;

    private static final int UNIX_STREAM = 0x31;

    /** Where octets come from, one by one; -1 at the end. */
    interface Source {
        int read() throws IOException;
    }

    private ProxyHeader() {}

    /**
     * Reads it.
     *
     * @return the client; empty if the proxy speaks for itself, or does not know
     * @throws ProtocolException if this is no such header
     */
    static Optional<InetAddress> read(Source in) throws IOException {
        int first = in.read();
        if (first == 'P') {
            return readVersion1(in);
        }
        if (first == SIGNATURE[0]) {
            return readVersion2(in);
        }
        throw new ProtocolException(first < 0 ? "no header" : "neither version 1 nor version 2");
    }

    private static Optional<InetAddress> readVersion1(Source in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(MAX_LINE);
        line.write('P');
        for (int last = 'P', b = in.read(); last != '\r' || b != '\n'; last = b, b = in.read()) {
            if (b < 0 || line.size() == MAX_LINE - 1) {
                throw new ProtocolException("the line of version 1 does not end");
            }
            line.write(b);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        String[] words = text.substring(0, text.length() - 1).split(" ", -1);
        if (words.length >= 2 && words[0].equals("PROXY") && words[1].equals("UNKNOWN")) {
            return Optional.empty();
        }
        if (words.length != 6 || !words[0].equals("PROXY") || !isPort(words[4]) || !isPort(words[5])) {
            throw new ProtocolException("not PROXY family source destination port port");
        }
        boolean ipv6 = words[1].equals("TCP6");
        if (!ipv6 && !words[1].equals("TCP4")) {
            throw new ProtocolException("a family that is neither TCP4 nor TCP6");
        }
        address(words[3], ipv6);
        return Optional.of(address(words[2], ipv6));
    }

    private static InetAddress address(String text, boolean ipv6) throws ProtocolException {
        if (text.indexOf(':') >= 0 != ipv6) {
            throw new ProtocolException("an address of another family");
        }
        return Network.parseAddress(text).orElseThrow(() -> new ProtocolException("a bad address"));
    }

    private static boolean isPort(String text) {
        return text.matches("0|[1-9]\\d{0,4}") && Integer.parseInt(text) <= 0xffff;
    }

    private static Optional<InetAddress> readVersion2(Source in) throws IOException {
        byte[] signature = new byte[SIGNATURE.length];
        signature[0] = SIGNATURE[0];
        fill(in, signature, 1);
        if (!Arrays.equals(signature, SIGNATURE)) {
            throw new ProtocolException("not the signature of version 2");
        }
        int command = octet(in);
        int family = octet(in);
        int length = octet(in) << 8 | octet(in);
        byte[] source = new byte[command == VERSION_2_LOCAL ? 0 : addressLength(family)];
        if (length < 2 * source.length + (source.length > 0 ? 4 : 0)) {
            throw new ProtocolException("too short for its addresses");
        }
        fill(in, source, 0);
        for (int i = source.length; i < length; i++) {
            octet(in);
        }
        if (command != VERSION_2_LOCAL && command != VERSION_2_PROXY) {
            throw new ProtocolException("neither LOCAL nor PROXY of version 2");
        }
        return source.length == 0 ? Optional.empty() : Optional.of(InetAddress.getByAddress(source));
    }

    private static int addressLength(int family) throws ProtocolException {
        return switch (family) {
            case TCP_OVER_IPV4 -> 4;
            case TCP_OVER_IPV6 -> 16;
            case UNSPECIFIED, UNIX_STREAM -> 0;
            default -> throw new ProtocolException("a family that is not TCP");
        };
    }

    private static void fill(Source in, byte[] octets, int from) throws IOException {
        for (int i = from; i < octets.length; i++) {
            octets[i] = (byte) octet(in);
        }
    }

    private static int octet(Source in) throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new ProtocolException("the header does not end");
        }
        return octet;
    }
}
