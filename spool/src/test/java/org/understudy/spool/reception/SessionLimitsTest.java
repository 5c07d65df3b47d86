package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one session may do: the limits that are announced (RFC 9422), and those that only the impolite meet. */
class SessionLimitsTest {
    private static final int MAILMAX = 100_000;
    private static final int GROUP = 100;
    private static final int IDLE = 100 + TestReceiver.MAXIMUM_RECIPIENTS;

    private final TestReceiver receiver = TestReceiver.start();

    @AfterEach
    void stop() {
        receiver.close();
    }

    @Test
    void messages_asManyAsAnnounced_thenTheSessionEnds() throws IOException {
        try (RawClient client = receiver.client()) {
            assertThat(client.send("EHLO client.test\r\n").fullReply())
                    .contains("LIMITS MAILMAX=" + MAILMAX + " RCPTMAX=100\n");
            // A refused MAIL counts like any other.
            String group = "MAIL FROM:<s@sender.test> SIZE=999999999\r\n".repeat(GROUP - 1)
                    + "MAIL FROM:<s@sender.test>\r\nRSET\r\n";
            for (int i = 0; i < MAILMAX / GROUP; i++) {
                List<String> replies = client.send(group).replies(GROUP + 1);
                assertThat(replies.subList(0, GROUP - 1)).allMatch(r -> r.startsWith("552 5.3.4"));
                assertThat(replies.subList(GROUP - 1, GROUP + 1)).allMatch(r -> r.startsWith("250"));
            }
            assertThat(client.ask("MAIL FROM:<s@sender.test>")).startsWith("421 4.3.2");
            assertThat(client.reply()).isEqualTo("closed");
        }
    }

    @Test
    void recipients_asManyAsAnnounced_perTransaction() throws IOException {
        try (RawClient client = receiver.client()) {
            for (int round = 0; round < 2; round++) {
                client.ask("MAIL FROM:<s@sender.test>");
                client.send("RCPT TO:<a@example.org>\r\n".repeat(102));
                List<String> replies = client.replies(102);
                assertThat(replies.subList(0, 100)).allMatch(r -> r.startsWith("250"));
                assertThat(replies.subList(100, 102)).allMatch(r -> r.startsWith("452 4.5.3"));
                client.ask("DATA");
                assertThat(client.send("x\r\n.\r\n").reply()).startsWith("250");
            }
        }
        assertThat(receiver.messages()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOOP", "RSET", "VRFY x", "EHLO client.test", "HELP"})
    void commandsWithoutMail_inARow_endTheSession(String command) throws IOException {
        try (RawClient client = receiver.client()) {
            client.ask("MAIL FROM:<s@sender.test>");
            client.send((command + "\r\n").repeat(IDLE));
            assertThat(client.replies(IDLE)).allMatch(r -> r.startsWith("2"));
            assertThat(client.ask(command)).startsWith("421 4.7.0");
            assertThat(client.reply()).isEqualTo("closed");
        }
    }

    @Test
    void emptyChunks_areNoProgress() throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            client.send("BDAT 0\r\n".repeat(IDLE));
            assertThat(client.replies(IDLE)).allMatch(r -> r.startsWith("250"));
            assertThat(client.ask("BDAT 0")).startsWith("421 4.7.0");
        }
    }

    @Test
    void recipients_allRefused_areNoMistakeOfTheClient() throws IOException {
        try (RawClient client = receiver.client()) {
            client.ask("MAIL FROM:<s@sender.test>");
            client.send("RCPT TO:<a@other.test>\r\n".repeat(TestReceiver.MAXIMUM_RECIPIENTS));
            assertThat(client.replies(TestReceiver.MAXIMUM_RECIPIENTS)).allMatch(r -> r.startsWith("550 5.7.1"));
            assertThat(client.ask("RCPT TO:<a@example.org>")).startsWith("250");
            client.ask("DATA");
            assertThat(client.send("x\r\n.\r\n").reply()).startsWith("250");
        }
    }

    @Test
    void mistakes_areForgivenWithAMessage() throws IOException {
        try (RawClient client = receiver.client()) {
            for (int round = 0; round < 3; round++) {
                client.send("WHAT\r\n".repeat(20));
                assertThat(client.replies(20)).allMatch(r -> r.startsWith("500"));
                client.send(TestReceiver.ENVELOPE + "BDAT 3 LAST\r\nx\r\n");
                assertThat(client.replies(3)).allMatch(r -> r.startsWith("250"));
            }
            client.send("WHAT\r\n".repeat(21));
            client.replies(21);
            assertThat(client.reply()).startsWith("421 4.7.0");
            assertThat(client.reply()).isEqualTo("closed");
        }
    }
}
