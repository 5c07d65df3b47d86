package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.understudy.smtp.Network;
import org.understudy.spool.SessionLimits;
import org.understudy.spool.TrustedClients;

class ProxySessionTest {
    private static final String HEADER = "PROXY TCP4 192.0.2.7 127.0.0.1 4000 25\r\n";
    private static final String MESSAGE = "MAIL FROM:<>\r\nRCPT TO:<a@example.org>\r\nDATA\r\nx\r\n.\r\n";

    private static TestReceiver behindProxy(SessionLimits limits) {
        return TestReceiver.start(limits, new TrustedClients(List.of(Network.parse("127.0.0.2")), List.of()));
    }

    private static SessionLimits limits(int perClient, int perNetwork) {
        SessionLimits standard = SessionLimits.standard();
        return new SessionLimits(
                10,
                perClient,
                perNetwork,
                standard.evictAfter(),
                Duration.ofSeconds(20),
                standard.maximumTime(),
                standard.handshakeTimeout(),
                standard.minimumContentRate());
    }

    private static void sendMessage(RawClient client) throws IOException {
        client.ask("EHLO client.test");
        client.send(MESSAGE);
        client.reply();
        client.reply();
        client.reply();
        assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued");
    }

    @Test
    void trusted_theClientIsTheOneThatIsNamed() throws IOException {
        try (TestReceiver receiver = behindProxy(limits(10, 10));
                RawClient whole = receiver.connectFrom("127.0.0.2");
                RawClient byteWise = receiver.connectFrom("127.0.0.2")) {
            assertThat(whole.send(HEADER).reply()).startsWith("220");
            sendMessage(whole);
            assertThat(byteWise.sendByteWise(HEADER.replace("192.0.2.7", "192.0.2.8"))
                            .reply())
                    .startsWith("220");
            sendMessage(byteWise);
            assertThat(receiver.messages())
                    .extracting(m -> m.origin().client().getHostAddress())
                    .containsExactly("192.0.2.7", "192.0.2.8");
            assertThat(receiver.messages().get(0).text()).contains("(unknown [192.0.2.7])");
        }
    }

    @Test
    void trusted_unknown_theClientIsTheProxy() throws IOException {
        try (TestReceiver receiver = behindProxy(limits(10, 10));
                RawClient client = receiver.connectFrom("127.0.0.2")) {
            assertThat(client.send("PROXY UNKNOWN\r\n").reply()).startsWith("220");
            sendMessage(client);
            assertThat(receiver.messages().get(0).origin().client().getHostAddress())
                    .isEqualTo("127.0.0.2");
        }
    }

    @Test
    void trusted_withoutHeader_isClosedWithoutAWord() throws IOException {
        try (TestReceiver receiver = behindProxy(limits(10, 10));
                RawClient client = receiver.connectFrom("127.0.0.2")) {
            assertThat(client.send("EHLO client.test\r\n").reply()).isEqualTo("closed");
        }
    }

    @Test
    void trusted_silent_isClosedWithoutAWord() throws IOException {
        try (TestReceiver receiver = behindProxy(SessionLimits.standard().withCommandTimeout(Duration.ofMillis(300)));
                RawClient client = receiver.connectFrom("127.0.0.2")) {
            assertThat(client.reply()).isEqualTo("closed");
            await().until(() -> receiver.counts().sessions() == 0);
        }
    }

    @Test
    void others_headerIsNeverRead() throws IOException {
        try (TestReceiver receiver = behindProxy(limits(10, 10));
                RawClient client = receiver.connectFrom("127.0.0.3")) {
            assertThat(client.reply()).startsWith("220");
            assertThat(client.ask(HEADER.strip())).startsWith("500 5.5.1");
            sendMessage(client);
            assertThat(receiver.messages().get(0).origin().client().getHostAddress())
                    .isEqualTo("127.0.0.3");
        }
    }

    @Test
    void limits_countTheClientThatIsNamed() throws IOException {
        try (TestReceiver receiver = behindProxy(limits(1, 2));
                RawClient first = receiver.connectFrom("127.0.0.2");
                RawClient same = receiver.connectFrom("127.0.0.2");
                RawClient neighbour = receiver.connectFrom("127.0.0.2");
                RawClient third = receiver.connectFrom("127.0.0.2");
                RawClient elsewhere = receiver.connectFrom("127.0.0.2")) {
            assertThat(first.send(HEADER).reply()).startsWith("220");
            assertThat(same.send(HEADER).reply()).startsWith("421 4.7.0");
            assertThat(neighbour.send(HEADER.replace("192.0.2.7", "192.0.2.8")).reply())
                    .startsWith("220");
            assertThat(third.send(HEADER.replace("192.0.2.7", "192.0.2.9")).reply())
                    .startsWith("421 4.7.0");
            assertThat(elsewhere
                            .send(HEADER.replace("192.0.2.7", "198.51.100.7"))
                            .reply())
                    .startsWith("220");
        }
    }
}
