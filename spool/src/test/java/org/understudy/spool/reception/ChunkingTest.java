package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.spool.CommitResult;

/** BDAT (RFC 3030). */
class ChunkingTest {
    private final TestReceiver receiver = TestReceiver.start();

    @AfterEach
    void stop() {
        receiver.close();
    }

    private static String bdat(String content, boolean last) {
        return "BDAT " + content.length() + (last ? " LAST" : "") + "\r\n" + content;
    }

    @Test
    void chunks_makeOneMessage_octetForOctet() throws IOException {
        String whole = "Subject: x\r\n\r\n.\r\n..\r\n\r\n.\r\nQUIT\r\n\u00e4\u0000\u00ff";
        try (RawClient client = receiver.clientInTransaction()) {
            assertThat(client.send(bdat(whole.substring(0, 11), false)).reply())
                    .isEqualTo("250 2.0.0 11 octets received");
            assertThat(client.ask("NOOP")).startsWith("250");
            assertThat(client.send("bdat 2\r\n" + whole.substring(11, 13)).reply())
                    .startsWith("250 2.0.0 2 octets");
            assertThat(receiver.messages()).isEmpty();
            assertThat(client.send(bdat(whole.substring(13), true)).reply()).startsWith("250 2.0.0 Ok: queued as ");
            assertThat(client.ask("QUIT")).startsWith("221");
        }
        assertThat(receiver.messages()).hasSize(1);
        assertThat(receiver.messages().get(0).body()).isEqualTo(whole);
        assertThat(receiver.messages().get(0).text()).contains("\r\n\tby mx2.test (Understudy) with ESMTP id ");
    }

    @Test
    void chunks_whereverTheyAreCut_giveTheSame() throws IOException {
        String whole = "a: b\r\n\r\n.x\r\n.\r\n\r\n";
        try (RawClient client = receiver.client()) {
            for (int cut = 0; cut <= whole.length(); cut++) {
                client.send(TestReceiver.ENVELOPE
                        + bdat(whole.substring(0, cut), false)
                        + bdat(whole.substring(cut), false)
                        + "BDAT 0 LAST\r\n");
                assertThat(client.replies(5)).allMatch(reply -> reply.startsWith("250"));
            }
        }
        assertThat(receiver.messages())
                .hasSize(whole.length() + 1)
                .allMatch(m -> m.body().equals(whole));
    }

    @Test
    void chunks_pipelinedMessages_octetByOctetOnTheWire() throws IOException {
        StringBuilder octets = new StringBuilder();
        for (int i = 0; i < 3; i++) {
            octets.append(TestReceiver.ENVELOPE)
                    .append(bdat("x" + i + "\r\n", false))
                    .append(bdat("y\r\n", true));
        }
        try (RawClient client = receiver.client()) {
            client.sendByteWise(octets + "QUIT\r\n");
            assertThat(client.replies(12)).allMatch(reply -> reply.startsWith("250"));
            assertThat(client.reply()).startsWith("221");
        }
        assertThat(receiver.messages())
                .extracting(MemoryIntake.Stored::body)
                .containsExactly("x0\r\ny\r\n", "x1\r\ny\r\n", "x2\r\ny\r\n");
    }

    @Test
    void emptyMessage_andMissingLastLineEnd_areKeptAsTheyAre() throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            assertThat(client.ask("BDAT 0 LAST")).startsWith("250 2.0.0 Ok: queued");
            client.send(TestReceiver.ENVELOPE + bdat("no end", true));
            assertThat(client.replies(3).get(2)).startsWith("250 2.0.0 Ok: queued");
        }
        assertThat(receiver.messages()).extracting(MemoryIntake.Stored::body).containsExactly("", "no end");
    }

    /** Whatever is refused, its octets are counted and not obeyed, and the session goes on behind them. */
    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "no MAIL||BDAT 6 LAST|503 5.5.1",
                "no RCPT|MAIL FROM:<s@sender.test>|BDAT 6 LAST|554 5.5.1",
                "RCPT refused|MAIL FROM:<s@sender.test>~RCPT TO:<a@other.test>|BDAT 6 LAST|554 5.5.1",
                "bad marker|MAIL FROM:<s@sender.test>~RCPT TO:<a@example.org>|BDAT 6 LST|501 5.5.4",
                "two markers|MAIL FROM:<s@sender.test>~RCPT TO:<a@example.org>|BDAT 6 LAST LAST|501 5.5.4",
                "leading zeros|MAIL FROM:<s@sender.test>|BDAT 000006 LAST|554 5.5.1"
            })
    void refused_octetsAreNotObeyed(String what, String before, String command, String reply) throws IOException {
        try (RawClient client = receiver.client()) {
            for (String line : before == null ? new String[0] : before.split("~")) {
                client.ask(line);
            }
            assertThat(client.send(command + "\r\nQUIT\r\nVRFY x\r\n").reply()).startsWith(reply);
            assertThat(client.reply()).startsWith("252");
            client.send(TestReceiver.ENVELOPE + bdat("x\r\n", true));
            assertThat(client.replies(3)).as("the message after: %s", what).allMatch(r -> r.startsWith("250"));
        }
        assertThat(receiver.messages()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "BDAT",
        "BDAT x",
        "BDAT -1 LAST",
        "BDAT 1x LAST",
        "BDAT 9999999999999999999 LAST",
        "BDAT LAST",
        "BDAT 0x10"
    })
    void sizeThatCannotBeRead_endsTheSession(String command) throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            assertThat(client.send(command + "\r\nNOOP\r\n").reply()).startsWith("501 5.5.4");
            assertThat(client.reply()).isEqualTo("closed");
        }
        assertThat(receiver.messages()).isEmpty();
    }

    @Test
    void tooBig_overAllChunks_isRefusedWhereItIsSeen_andForTheRest() throws IOException {
        String half = "x".repeat(60_000);
        try (RawClient client = receiver.clientInTransaction()) {
            client.send(bdat(half, false) + bdat(half, false) + bdat("NOOP\r\n", false) + bdat("x\r\n", true));
            assertThat(client.reply()).startsWith("250");
            assertThat(client.replies(3)).allMatch(reply -> reply.startsWith("552 5.3.4"));
            client.send(TestReceiver.ENVELOPE + bdat("y\r\n", true));
            assertThat(client.replies(3)).allMatch(reply -> reply.startsWith("250"));
        }
        assertThat(receiver.messages()).extracting(MemoryIntake.Stored::body).containsExactly("y\r\n");
    }

    @Test
    void refusedChunk_theRestIsNoMessage() throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            client.send("BDAT 3 FIRST\r\na\r\n" + bdat("b\r\n", true));
            assertThat(client.replies(2)).allMatch(reply -> reply.startsWith("501"));
        }
        assertThat(receiver.messages()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"a\\nb", "a\\rb", "a\\r", "\\n", "a\\r\\r\\n", "a\\n\\r\\n"})
    void bareCrOrLf_isRefused_whereverItIsCut(String escaped) throws IOException {
        String content = escaped.replace("\\r", "\r").replace("\\n", "\n");
        try (RawClient client = receiver.client()) {
            for (int cut = 0; cut <= content.length(); cut++) {
                client.send(TestReceiver.ENVELOPE
                        + bdat(content.substring(0, cut), false)
                        + bdat(content.substring(cut), true));
                assertThat(client.replies(4).get(3)).as("cut at %d", cut).startsWith("550 5.5.2");
            }
            assertThat(client.ask("NOOP")).startsWith("250");
        }
        assertThat(receiver.messages()).isEmpty();
    }

    @Test
    void crlf_cutInTheMiddle_isNoBareCr() throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            client.send(bdat("a\r", false) + bdat("\nb\r\n", true));
            assertThat(client.replies(2)).allMatch(reply -> reply.startsWith("250"));
        }
        assertThat(receiver.messages().get(0).body()).isEqualTo("a\r\nb\r\n");
    }

    @Test
    void connectionEnds_inAChunk_nothingIsKept() throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            client.send("BDAT 100 LAST\r\nfour");
            client.socket().shutdownOutput();
            assertThat(client.reply()).isEqualTo("closed");
        }
        await().until(() -> receiver.counts().sessions() == 0);
        assertThat(receiver.messages()).isEmpty();
        assertThat(receiver.intake.open()).isZero();
    }

    @Test
    void connectionEnds_betweenChunks_nothingIsKept() throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            assertThat(client.send(bdat("all but the last\r\n", false)).reply()).startsWith("250");
        }
        await().until(() -> receiver.counts().sessions() == 0);
        assertThat(receiver.messages()).isEmpty();
        assertThat(receiver.intake.open()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"RSET", "EHLO client.test"})
    void reset_betweenChunks_forgetsThem(String command) throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            client.send(bdat("forgotten\r\n", false)).reply();
            assertThat(client.ask(command)).startsWith("250");
            assertThat(receiver.intake.open()).isZero();
            client.send(bdat("x\r\n", true));
            assertThat(client.reply()).startsWith("503 5.5.1");
            client.send(TestReceiver.ENVELOPE + bdat("kept\r\n", true));
            client.replies(3);
        }
        assertThat(receiver.messages()).extracting(MemoryIntake.Stored::body).containsExactly("kept\r\n");
    }

    @Test
    void data_and_rcpt_and_mail_afterAChunk_areOutOfSequence() throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            client.send(bdat("x\r\n", false)).reply();
            assertThat(client.ask("DATA")).startsWith("503 5.5.1");
            assertThat(client.ask("RCPT TO:<b@example.org>")).startsWith("503 5.5.1");
            assertThat(client.ask("MAIL FROM:<>")).startsWith("503 5.5.1");
            assertThat(client.send(bdat("y\r\n", true)).reply()).startsWith("250");
            assertThat(client.send(bdat("z\r\n", true)).reply()).startsWith("503 5.5.1");
        }
        assertThat(receiver.messages()).extracting(MemoryIntake.Stored::body).containsExactly("x\r\ny\r\n");
    }

    @Test
    void dataAndBdat_mayAlternateInASession() throws IOException {
        try (RawClient client = receiver.client()) {
            client.send(TestReceiver.ENVELOPE + bdat("a\r\n", true)).replies(3);
            client.send(TestReceiver.ENVELOPE + "DATA\r\n").replies(3);
            assertThat(client.send("b\r\n.\r\n").reply()).startsWith("250");
            client.send(TestReceiver.ENVELOPE + bdat("c\r\n", true)).replies(3);
        }
        assertThat(receiver.messages()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"NO_SPACE, 452 4.3.1", "FAILED, 451 4.3.0"})
    void lastChunk_notStored_isTemporary(CommitResult result, String reply) throws IOException {
        receiver.intake.result = result;
        try (RawClient client = receiver.clientInTransaction()) {
            assertThat(client.send(bdat("x\r\n", true)).reply()).startsWith(reply);
        }
    }

    @Test
    void hops_areCountedOverChunks() throws IOException {
        try (RawClient client = receiver.clientInTransaction()) {
            client.send(bdat("Received: a\r\nRece", false)).reply();
            assertThat(client.send(bdat("ived: b\r\n" + "Received: c\r\n".repeat(4), false))
                            .reply())
                    .startsWith("554 5.4.6");
        }
    }

    @Test
    void randomOctets_inRandomChunks_arriveAsTheyWere() throws IOException {
        Random random = new Random(11);
        List<String> sent = new ArrayList<>();
        try (RawClient client = receiver.client()) {
            for (int i = 0; i < 50; i++) {
                byte[] octets = new byte[random.nextInt(90_000)];
                random.nextBytes(octets);
                String content = new String(octets, StandardCharsets.ISO_8859_1)
                        .replace("\r", "")
                        .replace("\n", "\r\n");
                StringBuilder chunks = new StringBuilder(TestReceiver.ENVELOPE);
                int at = 0;
                int count = 2;
                while (at < content.length()) {
                    int to = Math.min(content.length(), at + 1 + random.nextInt(40_000));
                    chunks.append(bdat(content.substring(at, to), to == content.length()));
                    count++;
                    at = to;
                }
                client.send(chunks.toString());
                assertThat(client.replies(count)).allMatch(reply -> reply.startsWith("250"));
                sent.add(content);
            }
        }
        assertThat(receiver.messages()).extracting(MemoryIntake.Stored::body).containsExactlyElementsOf(sent);
    }
}
