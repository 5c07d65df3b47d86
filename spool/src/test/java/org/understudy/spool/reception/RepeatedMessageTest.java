package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A sender that did not read our 250 sends its message again (RFC 1047). */
class RepeatedMessageTest {
    private final MovableClock clock = new MovableClock();
    private final TestReceiver receiver = TestReceiver.start(clock);

    @AfterEach
    void stop() {
        receiver.close();
    }

    private static final class MovableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    /** How a session ends after our 250. */
    private enum Ending {
        RST(false),
        FIN(false),
        FIN_PIPELINED(false),
        QUIT(true),
        QUIT_PIPELINED(true),
        NOOP_THEN_RST(true);

        private final boolean heard;

        Ending(boolean heard) {
            this.heard = heard;
        }
    }

    private static String message(String sender, String recipient, String content) {
        return "MAIL FROM:<" + sender + ">\r\nRCPT TO:<" + recipient + ">\r\nBDAT " + content.length() + " LAST\r\n"
                + content;
    }

    private static final String MESSAGE =
            message("s@sender.test", "a@example.org", "Message-ID: <1@x>\r\n\r\nhello\r\n");

    private String send(String message, Ending ending) throws IOException {
        String reply;
        try (RawClient client = receiver.client()) {
            client.send(message
                    + switch (ending) {
                        case QUIT_PIPELINED -> "QUIT\r\n";
                        case FIN_PIPELINED -> "NOOP\r\nNOOP\r\n";
                        default -> "";
                    });
            reply = client.replies(3).get(2);
            assertThat(reply).startsWith("250 2.0.0 Ok: queued as ");
            switch (ending) {
                case RST -> client.socket().setSoLinger(true, 0);
                case QUIT -> client.ask("QUIT");
                case NOOP_THEN_RST -> {
                    client.ask("NOOP");
                    client.socket().setSoLinger(true, 0);
                }
                default -> {
                    // Closing the socket is all.
                }
            }
        }
        await().until(() -> receiver.counts().sessions() == 0);
        return reply;
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void sentAgain_isStoredAgainOnlyIfTheFirstReplyWasHeard(Ending ending) throws IOException {
        String first = send(MESSAGE, ending);
        String second = send(MESSAGE, Ending.QUIT);
        if (ending.heard) {
            assertThat(second).isNotEqualTo(first);
            assertThat(receiver.messages()).hasSize(2);
            assertThat(receiver.counts().collapsed()).isZero();
        } else {
            assertThat(second).isEqualTo(first);
            assertThat(receiver.messages()).hasSize(1);
            assertThat(receiver.counts().collapsed()).isEqualTo(1);
        }
        assertThat(receiver.counts().accepted()).isEqualTo(receiver.messages().size());
    }

    @Test
    void sentAgainAndAgain_asLongAsNoReplyIsHeard() throws IOException {
        String first = send(MESSAGE, Ending.RST);
        for (int i = 0; i < 3; i++) {
            assertThat(send(MESSAGE, Ending.FIN)).isEqualTo(first);
        }
        assertThat(send(MESSAGE, Ending.QUIT)).isEqualTo(first);
        assertThat(receiver.messages()).hasSize(1);
        assertThat(receiver.counts().collapsed()).isEqualTo(4);
        // That one was heard, so this one is meant.
        assertThat(send(MESSAGE, Ending.QUIT)).isNotEqualTo(first);
    }

    @Test
    void sentAgainByData_isTheSameMessage() throws IOException {
        String first = send(MESSAGE, Ending.RST);
        try (RawClient client = receiver.clientInTransaction()) {
            client.ask("DATA");
            assertThat(client.send("Message-ID: <1@x>\r\n\r\nhello\r\n.\r\n").reply())
                    .isEqualTo(first);
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "t@sender.test, a@example.org, 'Message-ID: <1@x>\r\n\r\nhello\r\n'",
        "s@sender.test, b@example.org, 'Message-ID: <1@x>\r\n\r\nhello\r\n'",
        "s@sender.test, a@example.org, 'Message-ID: <1@x>\r\n\r\nhellO\r\n'",
        "s@sender.test, a@example.org, 'Message-ID: <1@x>\r\n\r\nhello\r\n\r\n'"
    })
    void anythingElse_isAnotherMessage(String sender, String recipient, String content) throws IOException {
        String first = send(MESSAGE, Ending.RST);
        assertThat(send(message(sender, recipient, content), Ending.QUIT)).isNotEqualTo(first);
        assertThat(receiver.messages()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"PT23H59M, 1", "PT24H1M, 2"})
    void afterADay_itIsAnotherMessage(Duration later, int stored) throws IOException {
        send(MESSAGE, Ending.RST);
        clock.now = clock.now.plus(later);
        send(MESSAGE, Ending.QUIT);
        assertThat(receiver.messages()).hasSize(stored);
    }

    @Test
    void sessionOfMany_onlyTheLastIsInDoubt() throws IOException {
        String other = message("s@sender.test", "a@example.org", "another\r\n");
        String first;
        String second;
        try (RawClient client = receiver.client()) {
            first = client.send(MESSAGE).replies(3).get(2);
            second = client.send(other).replies(3).get(2);
            client.socket().setSoLinger(true, 0);
        }
        await().until(() -> receiver.counts().sessions() == 0);
        assertThat(send(MESSAGE, Ending.QUIT)).isNotEqualTo(first);
        assertThat(send(other, Ending.QUIT)).isEqualTo(second);
    }
}
