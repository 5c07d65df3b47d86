package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole session as octets, over a real socket: in whatever pieces they come, the replies and the stored messages are the
 * same. The first octet says where the pieces end.
 */
class ConversationFuzzTest {
    private static final int MOST_PIECES = 8;
    private static final String ENVELOPE = "EHLO c.test\r\n" + TestReceiver.ENVELOPE;

    private static TestReceiver receiver;
    /** Each session is of another client, so that no message is taken for a repeated one. */
    private static int clients;

    private static final int MOST_CLIENTS = 60_000;

    private record Session(List<String> replies, List<String> messages) {}

    static Stream<byte[]> seeds() {
        return Stream.of(
                        "\0" + ENVELOPE + "DATA\r\nSubject: x\r\n\r\n..a\r\n.\r\nQUIT\r\n",
                        "\1" + ENVELOPE + "BDAT 5\r\na\r\nb\rBDAT 3 LAST\r\n\nc\r\nNOOP\r\n",
                        "\2" + ENVELOPE + "BDAT 6 LAST\r\na.\r\nb\nRSET\r\n" + TestReceiver.ENVELOPE
                                + "BDAT 3 LAST\r\na\r\nQUIT\r\n",
                        "\3" + ENVELOPE + "BDAT 2 FIRST\r\nabBDAT 0 LAST\r\nDATA\r\nNOOP\r\n",
                        "\4HELO c.test\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\nDATA\r\n.\r\nMAIL FROM:<>\r\nVRFY x\n\r\n",
                        "\5" + ENVELOPE + "DATA\r\na\n.\nb\r.\rc\r\n.\r\nRCPT TO:<b@example.org>\r\nBDAT 99\r\nabc")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @BeforeAll
    static void start() {
        receiver = TestReceiver.start();
    }

    @AfterAll
    static void stop() {
        receiver.close();
    }

    @MethodSource("seeds")
    @FuzzTest
    void session(byte[] octets) throws IOException {
        if (octets.length < 2) {
            return;
        }
        if (clients > MOST_CLIENTS) {
            // There are no new networks left, and what comes again from an old one may count as sent before.
            stop();
            start();
            clients = 0;
        }
        String all = new String(octets, 1, octets.length - 1, StandardCharsets.ISO_8859_1);
        Session whole = talk(List.of(all));
        assertThat(talk(pieces(all, new Random(octets[0])))).isEqualTo(whole);
        for (String message : whole.messages()) {
            String withoutLineEnds = message.replace("\r\n", "");
            assertThat(withoutLineEnds.chars()).noneMatch(c -> c == '\r' || c == '\n');
        }
        assertThat(whole.messages()).hasSize((int) whole.replies().stream()
                .filter(reply -> reply.contains("queued as"))
                .count());
        if (receiver.intake.open() != 0) {
            await().untilAsserted(() -> assertThat(receiver.intake.open()).isZero());
        }
    }

    private static List<String> pieces(String all, Random random) {
        List<String> pieces = new ArrayList<>();
        int[] ends = random.ints(1 + random.nextInt(MOST_PIECES), 0, all.length())
                .sorted()
                .toArray();
        int from = 0;
        for (int end : ends) {
            pieces.add(all.substring(from, end));
            from = end;
        }
        pieces.add(all.substring(from));
        return pieces;
    }

    private static Session talk(List<String> pieces) throws IOException {
        receiver.messages().clear();
        clients++;
        String client = "127." + (1 + clients % 250) + "." + (clients / 250 % 250) + "." + (1 + clients / 62_500 % 250);
        List<String> replies = new ArrayList<>();
        try (RawClient session = receiver.connectFrom(client)) {
            replies.add(session.reply());
            try {
                for (String piece : pieces) {
                    session.send(piece);
                }
                session.socket().shutdownOutput();
            } catch (SocketException e) {
                // It has ended the session in between, and said so before.
            }
            for (String reply = session.reply(); !reply.equals("closed"); reply = session.reply()) {
                assertThat(reply).matches("(?s)[2-5]\\d\\d .*");
                replies.add(reply.replaceFirst("queued as .*", "queued as"));
            }
            // No port waits for stragglers: there are more sessions than ports.
            session.socket().setSoLinger(true, 0);
        }
        return new Session(
                replies,
                receiver.messages().stream().map(MemoryIntake.Stored::body).toList());
    }
}
