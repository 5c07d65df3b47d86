package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final byte[] BEHIND = "EHLO x\r\n".getBytes(StandardCharsets.US_ASCII);

    /** The client named, and what is left behind the header. */
    private static String read(byte[] header) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(header);
        all.writeBytes(BEHIND);
        ByteArrayInputStream in = new ByteArrayInputStream(all.toByteArray());
        String client =
                ProxyHeader.read(in::read).map(InetAddress::getHostAddress).orElse("-");
        assertThat(in.readAllBytes()).isEqualTo(BEHIND);
        return client;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 25|192.0.2.7",
                "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535|255.255.255.255",
                "PROXY TCP6 2001:db8::7 2001:db8::1 56324 25|2001:db8:0:0:0:0:0:7",
                "PROXY TCP6 ::ffff:192.0.2.7 ::1 0 25|192.0.2.7",
                "PROXY UNKNOWN|-",
                "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535|-"
            })
    void version1_isRead(String line, String client) throws IOException {
        assertThat(read((line + "\r\n").getBytes(StandardCharsets.US_ASCII))).isEqualTo(client);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY\r\n",
                "PROXY TCP4\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 56324 25 1\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 65536 25\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 -1 25\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 025 25\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 1 25\r\n",
                "PROXY TCP4 host.test 198.51.100.1 1 25\r\n",
                "PROXY TCP4 2001:db8::7 2001:db8::1 1 25\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 1 25\r\n",
                "PROXY TCP6 2001:db8::zz 2001:db8::1 1 25\r\n",
                "PROXY TCP5 192.0.2.7 198.51.100.1 1 25\r\n",
                "PROXY  TCP4 192.0.2.7 198.51.100.1 1 25\r\n",
                "PROXX TCP4 192.0.2.7 198.51.100.1 1 25\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 1 25",
                "PROXY UNKNOWN 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
                "EHLO client.test\r\n",
                "\r\n\r\nEHLO client.test\r\n",
                ""
            })
    void version1_malformed_isRefused(String header) {
        ByteArrayInputStream in = new ByteArrayInputStream(header.getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> ProxyHeader.read(in::read)).isInstanceOf(ProtocolException.class);
    }

    /** A header of version 2 whose length is that of its addresses and TLVs. */
    private static byte[] version2(int command, int family, byte[] addresses, int tlvs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'});
        out.write(command);
        out.write(family);
        int length = addresses.length + tlvs;
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(addresses);
        out.writeBytes(new byte[tlvs]);
        return out.toByteArray();
    }

    private static byte[] ipv4() {
        return new byte[] {(byte) 192, 0, 2, 7, (byte) 198, 51, 100, 1, 1, 2, 0, 25};
    }

    private static byte[] ipv6() {
        byte[] addresses = new byte[36];
        addresses[0] = 0x20;
        addresses[1] = 0x01;
        addresses[2] = 0x0d;
        addresses[3] = (byte) 0xb8;
        addresses[15] = 7;
        addresses[16] = (byte) 0xfe;
        return addresses;
    }

    static Stream<Arguments> version2Headers() {
        return Stream.of(
                Arguments.of("IPv4", version2(0x21, 0x11, ipv4(), 0), "192.0.2.7"),
                Arguments.of("IPv4 with TLVs, 128 octets", version2(0x21, 0x11, ipv4(), 116), "192.0.2.7"),
                Arguments.of("IPv4 with TLVs, 200 octets", version2(0x21, 0x11, ipv4(), 188), "192.0.2.7"),
                Arguments.of("IPv4 with TLVs, 255 octets", version2(0x21, 0x11, ipv4(), 243), "192.0.2.7"),
                Arguments.of("IPv4 with TLVs, 65,535 octets", version2(0x21, 0x11, ipv4(), 65_523), "192.0.2.7"),
                Arguments.of("IPv6", version2(0x21, 0x21, ipv6(), 0), "2001:db8:0:0:0:0:0:7"),
                Arguments.of("IPv6 with TLVs", version2(0x21, 0x21, ipv6(), 130), "2001:db8:0:0:0:0:0:7"),
                Arguments.of("LOCAL", version2(0x20, 0x00, new byte[0], 0), "-"),
                Arguments.of("LOCAL with addresses", version2(0x20, 0x11, ipv4(), 5), "-"),
                Arguments.of("LOCAL of another family", version2(0x20, 0x12, ipv4(), 0), "-"),
                Arguments.of("UNSPEC", version2(0x21, 0x00, new byte[0], 9), "-"),
                Arguments.of("UNIX", version2(0x21, 0x31, new byte[216], 0), "-"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("version2Headers")
    void version2_isRead(String name, byte[] header, String client) throws IOException {
        assertThat(read(header)).as(name).isEqualTo(client);
    }

    static Stream<Arguments> version2Malformed() {
        byte[] cut = version2(0x21, 0x11, ipv4(), 0);
        byte[] signature = version2(0x21, 0x11, ipv4(), 0);
        signature[11] = '\r';
        return Stream.of(
                Arguments.of("too short for IPv4", version2(0x21, 0x11, new byte[11], 0)),
                Arguments.of("too short for IPv6", version2(0x21, 0x21, ipv4(), 0)),
                Arguments.of("version 1 in version 2", version2(0x11, 0x11, ipv4(), 0)),
                Arguments.of("unknown command", version2(0x22, 0x11, ipv4(), 0)),
                Arguments.of("UDP", version2(0x21, 0x12, ipv4(), 0)),
                Arguments.of("unknown family", version2(0x21, 0x41, ipv4(), 0)),
                Arguments.of("another signature", signature),
                Arguments.of("cut", java.util.Arrays.copyOf(cut, cut.length - 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("version2Malformed")
    void version2_malformed_isRefused(String name, byte[] header) {
        ByteArrayInputStream in = new ByteArrayInputStream(header);
        assertThatThrownBy(() -> ProxyHeader.read(in::read)).as(name).isInstanceOf(ProtocolException.class);
    }

    @Test
    void version1_longestLine_isRead() throws IOException {
        String longest = "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
                + " 65535 65535\r\n";
        assertThat(longest).hasSize(107);
        assertThat(read(longest.getBytes(StandardCharsets.US_ASCII))).isEqualTo("-");
    }
}
