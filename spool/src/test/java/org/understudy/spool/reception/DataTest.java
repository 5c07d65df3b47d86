package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.spool.CommitResult;

/** What comes behind DATA, and what is answered to its end. */
class DataTest {
    private final TestReceiver receiver = TestReceiver.start();

    @AfterEach
    void stop() {
        receiver.close();
    }

    /** At the 354. */
    private RawClient inData() throws IOException {
        RawClient client = receiver.clientInTransaction();
        assertThat(client.ask("DATA")).startsWith("354");
        return client;
    }

    @Test
    void data_arrivesOctetForOctet_belowOneTraceField() throws IOException {
        String body = "Subject: x\r\n\r\n.\r\n..first\r\n\u00e4\u0000\r\n\r\nend\r\n";
        try (RawClient client = inData()) {
            assertThat(client.send(body.replace("\r\n.", "\r\n..") + ".\r\n").reply())
                    .startsWith("250 2.0.0 Ok: queued as ");
            assertThat(client.ask("QUIT")).startsWith("221");
        }
        MemoryIntake.Stored stored = receiver.messages().get(0);
        assertThat(stored.body()).isEqualTo(body);
        assertThat(stored.text())
                .startsWith(
                        "Received: from client.test (unknown [127.0.0.1])\r\n\tby mx2.test (Understudy) with ESMTP id ");
        assertThat(stored.text()).contains("for <a@example.org>; ");
        assertThat(stored.envelope().reversePath()).hasToString("<s@sender.test>");
    }

    @Test
    void data_firstLineStuffed_isUnstuffed() throws IOException {
        try (RawClient client = inData()) {
            client.send("..first\r\n.\r\n").reply();
        }
        assertThat(receiver.messages().get(0).body()).isEqualTo(".first\r\n");
    }

    @Test
    void data_empty_isAMessage() throws IOException {
        try (RawClient client = inData()) {
            assertThat(client.send(".\r\n").reply()).startsWith("250");
        }
        assertThat(receiver.messages().get(0).body()).isEmpty();
    }

    @Test
    void data_tooBig_isRefusedAfterItWasRead() throws IOException {
        try (RawClient client = inData()) {
            assertThat(client.send("0123456789\r\n".repeat(10_000) + ".\r\n").reply())
                    .startsWith("552 5.3.4");
            assertThat(client.ask("NOOP")).startsWith("250");
        }
        assertThat(receiver.messages()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5, 250", "6, 554 5.4.6"})
    void data_hops_areCounted(int hops, String reply) throws IOException {
        try (RawClient client = inData()) {
            String header = "ReCeived: from x\r\n\tby y\r\n".repeat(hops) + "\r\nReceived: in the body\r\n";
            assertThat(client.send(header + ".\r\n").reply()).startsWith(reply);
        }
    }

    @ParameterizedTest
    @CsvSource({"NO_SPACE, 452 4.3.1", "FAILED, 451 4.3.0"})
    void data_notStored_isTemporary(CommitResult result, String reply) throws IOException {
        receiver.intake.result = result;
        try (RawClient client = inData()) {
            assertThat(client.send("x\r\n.\r\n").reply()).startsWith(reply);
            receiver.intake.result = CommitResult.STORED;
            client.send("MAIL FROM:<s@sender.test>\r\nRCPT TO:<a@example.org>\r\nDATA\r\nx\r\n.\r\n");
            client.reply();
            client.reply();
            client.reply();
            assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued");
        }
    }

    @Test
    void data_intakeExplodes_isTemporaryAndSaysNothing() throws IOException {
        receiver.intake.explode = true;
        try (RawClient client = inData()) {
            assertThat(client.send("NOOP\r\nVRFY x\r\n.\r\n").reply())
                    .startsWith("451 4.3.0")
                    .doesNotContain("secret");
            assertThat(client.ask("NOOP")).startsWith("250");
        }
    }

    @Test
    void data_connectionLost_storesNothing() throws IOException {
        try (RawClient client = inData()) {
            client.send("half a mess");
        }
        await().until(() -> receiver.counts().sessions() == 0);
        assertThat(receiver.messages()).isEmpty();
    }

    @Test
    void pipelined_group_isAnsweredInOneSegment() throws IOException {
        try (RawClient client = receiver.client()) {
            client.send(TestReceiver.ENVELOPE + "DATA\r\n");
            byte[] buffer = new byte[4096];
            int first = client.socket().getInputStream().read(buffer);
            assertThat(new String(buffer, 0, first, StandardCharsets.US_ASCII)).contains("2.1.0", "2.1.5", "354");
        }
    }

    @Test
    void pipelined_afterTheDot_isNotLost() throws IOException {
        try (RawClient client = inData()) {
            client.send("x\r\n.\r\nNOOP\r\nMAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\ny\r\n.\r\nQUIT\r\n");
            assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued");
            assertThat(client.reply()).startsWith("250 2.0.0 Ok");
            client.reply();
            client.reply();
            client.reply();
            assertThat(client.reply()).startsWith("250 2.0.0 Ok: queued");
            assertThat(client.reply()).startsWith("221");
        }
        assertThat(receiver.messages()).hasSize(2);
    }
}
