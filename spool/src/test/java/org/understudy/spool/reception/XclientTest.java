package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.Network;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.TrustedClients;

class XclientTest {
    private TestReceiver receiver = TestReceiver.start();

    @BeforeEach
    void start() {
        receiver.close();
        SessionLimits limits = SessionLimits.standard();
        receiver = TestReceiver.start(
                new SessionLimits(
                        10,
                        2,
                        2,
                        limits.evictAfter(),
                        limits.commandTimeout(),
                        limits.maximumTime(),
                        limits.handshakeTimeout(),
                        limits.minimumContentRate()),
                new TrustedClients(List.of(), List.of(Network.parse("127.0.0.2/32"))));
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    private RawClient trusted() throws IOException {
        RawClient client = receiver.connectFrom("127.0.0.2");
        assertThat(client.reply()).startsWith("220");
        return client;
    }

    private static void sendMessage(RawClient client) throws IOException {
        client.send("MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nDATA\r\nx\r\n.\r\n");
        client.reply();
        client.reply();
        client.reply();
        assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued");
    }

    private MemoryIntake.Stored onlyMessage() {
        assertThat(receiver.messages()).hasSize(1);
        return receiver.messages().get(0);
    }

    @Test
    void offered_onlyToThoseWhoMay() throws IOException {
        try (RawClient client = trusted();
                RawClient other = receiver.client()) {
            assertThat(client.send("EHLO proxy.test\r\n").fullReply())
                    .contains("XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT");
            assertThat(other.send("EHLO proxy.test\r\n").fullReply()).doesNotContain("XCLIENT");
            assertThat(other.ask("XCLIENT ADDR=192.0.2.7")).startsWith("550 5.7.0");
        }
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ADDR=192.0.2.7|220 mx2.test|192.0.2.7",
                "addr=192.0.2.7 Helo=spike.test|220 mx2.test|192.0.2.7",
                "ADDR=IPV6:2001:db8::7|220 mx2.test|2001:db8:0:0:0:0:0:7",
                "ADDR=ipv6:2001:db8::7|220 mx2.test|2001:db8:0:0:0:0:0:7",
                "ADDR=192+2E0+2E2+2E7|220 mx2.test|192.0.2.7",
                "ADDR=[UNAVAILABLE]|220 mx2.test|127.0.0.2",
                "NAME=[TEMPUNAVAIL] ADDR=192.0.2.7|220 mx2.test|192.0.2.7",
                "NAME=spike.test ADDR=192.0.2.7 PORT=4711 PROTO=ESMTP LOGIN=jo+40x DESTADDR=192.0.2.1 DESTPORT=25|220 mx2.test|192.0.2.7",
                "PORT=[UNAVAILABLE] LOGIN=[UNAVAILABLE] DESTADDR=[UNAVAILABLE]|220 mx2.test|127.0.0.2",
                "ADDR=2001:db8::7|501 5.5.4|127.0.0.2",
                "ADDR=IPV6:192.0.2.7|501 5.5.4|127.0.0.2",
                "ADDR=spike.test|501 5.5.4|127.0.0.2",
                "ADDR=|501 5.5.4|127.0.0.2",
                "ADDR|501 5.5.4|127.0.0.2",
                "=192.0.2.7|501 5.5.4|127.0.0.2",
                "ADDR=192.0.2.7+2|501 5.5.4|127.0.0.2",
                "ADDR=192.0.2.7+ZZ|501 5.5.4|127.0.0.2",
                "HELO=a+0D+0ADATA|501 5.5.4|127.0.0.2",
                "PORT=65536|501 5.5.4|127.0.0.2",
                "PORT=x|501 5.5.4|127.0.0.2",
                "PROTO=HTTP|501 5.5.4|127.0.0.2",
                "DESTADDR=x|501 5.5.4|127.0.0.2",
                "FOO=bar|501 5.5.4|127.0.0.2",
                "''|501 5.5.4|127.0.0.2"
            })
    void attributes(String attributes, String reply, String client) throws IOException {
        try (RawClient proxy = trusted()) {
            proxy.ask("EHLO proxy.test");
            assertThat(proxy.ask("XCLIENT " + attributes)).startsWith(reply);
            proxy.ask("EHLO proxy.test");
            sendMessage(proxy);
        }
        assertThat(onlyMessage().origin().client().getHostAddress()).isEqualTo(client);
    }

    @Test
    void helo_thatIsNamed_isTheOneOfTheTrace() throws IOException {
        try (RawClient client = trusted()) {
            client.ask("EHLO proxy.test");
            client.ask("XCLIENT ADDR=192.0.2.7 HELO=spike.test");
            client.ask("EHLO proxy.test");
            sendMessage(client);
        }
        assertThat(onlyMessage().text()).startsWith("Received: from spike.test (unknown [192.0.2.7])");
    }

    @Test
    void session_beginsAgain() throws IOException {
        try (RawClient client = trusted()) {
            client.ask("EHLO proxy.test");
            assertThat(client.ask("XCLIENT ADDR=192.0.2.7")).startsWith("220 mx2.test ESMTP");
            assertThat(client.ask("MAIL FROM:<>")).startsWith("503");
            assertThat(client.ask("EHLO proxy.test")).startsWith("250");
            assertThat(client.ask("XCLIENT HELO=spike.test")).startsWith("220");
            assertThat(client.ask("EHLO proxy.test")).startsWith("250");
            sendMessage(client);
        }
        assertThat(onlyMessage().origin().client().getHostAddress()).isEqualTo("192.0.2.7");
        assertThat(onlyMessage().origin().heloName()).isEqualTo("spike.test");
    }

    @Test
    void inATransaction_isRefused() throws IOException {
        try (RawClient client = trusted()) {
            client.ask("EHLO proxy.test");
            client.ask("MAIL FROM:<>");
            assertThat(client.ask("XCLIENT ADDR=192.0.2.7")).startsWith("503 5.5.1");
            assertThat(client.ask("RCPT TO:<a@example.org>")).startsWith("250");
        }
    }

    @Test
    void limits_countTheClientThatIsNamed() throws IOException {
        try (RawClient first = trusted();
                RawClient second = trusted()) {
            assertThat(first.ask("XCLIENT ADDR=192.0.2.7")).startsWith("220");
            assertThat(second.ask("XCLIENT ADDR=192.0.2.8")).startsWith("220");
            try (RawClient third = trusted()) {
                assertThat(third.ask("XCLIENT ADDR=192.0.2.9")).startsWith("421 4.7.0");
                assertThat(third.reply()).isEqualTo("closed");
            }
            assertThat(second.ask("XCLIENT ADDR=198.51.100.7")).startsWith("220");
            try (RawClient third = trusted()) {
                assertThat(third.ask("XCLIENT ADDR=192.0.2.9")).startsWith("220");
            }
        }
    }
}
