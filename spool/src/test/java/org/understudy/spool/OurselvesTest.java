package org.understudy.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.TlsPolicy;

class OurselvesTest {
    private static boolean ours(String listen, int listenPort, String nextHop, int port) {
        return Ourselves.isNextHop(
                new NextHop(nextHop, port, TlsPolicy.NONE),
                List.of(new InetSocketAddress(listen, listenPort)),
                new DomainName("mx2.example.org"));
    }

    @ParameterizedTest(name = "listening on {0}, next hop {1}")
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "127.0.0.1, localhost",
        "127.0.0.1, 0.0.0.0",
        "127.0.0.1, MX2.example.org",
        "0.0.0.0, 127.0.0.1",
        "0.0.0.0, 127.0.0.9",
        "0.0.0.0, ::1",
        "0.0.0.0, localhost",
        "::, 127.0.0.1",
        "::, ::1",
        "::1, ::1",
        "::1, 0:0:0:0:0:0:0:1",
        "::1, ::"
    })
    void nextHopThatLeadsBack_isFound(String listen, String nextHop) {
        assertThat(ours(listen, 2525, nextHop, 2525)).isTrue();
        assertThat(ours(listen, 2525, nextHop, 25)).isFalse();
    }

    @ParameterizedTest(name = "listening on {0}, next hop {1}")
    @CsvSource({
        "127.0.0.1, 127.0.0.2",
        "127.0.0.1, ::1",
        "::1, 127.0.0.1",
        "0.0.0.0, 192.0.2.1",
        "::, 2001:db8::1",
        "127.0.0.1, mx1.example.org"
    })
    void nextHopElsewhere_isNot(String listen, String nextHop) {
        assertThat(ours(listen, 2525, nextHop, 2525)).isFalse();
    }

    @Test
    void addressOfThisMachine_leadsBackToAListenerOnAll() throws Exception {
        InetAddress own = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .findFirst()
                .orElseThrow();
        String literal = own.getHostAddress().replaceAll("%.*", "");
        assertThat(ours("0.0.0.0", 25, literal, 25)).isTrue();
    }
}
