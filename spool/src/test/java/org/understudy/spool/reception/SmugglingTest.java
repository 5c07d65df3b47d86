package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.MessageContent;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.ScriptedServer;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpSession;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;
import org.understudy.smtp.TransactionObserver;
import org.understudy.smtp.TransactionResult;

/**
 * Content that looks like the end of content to somebody: it is one message or it is refused, nothing in it is ever obeyed, and
 * nothing that goes on to the primary could look like an end to anybody.
 */
class SmugglingTest {
    private static final String END = "\r\n.\r\n";
    private static final String SMUGGLED =
            "MAIL FROM:<evil@sender.test>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nsmuggled";
    private static final int PER_SESSION = 500;

    /** Ends of content that some server once believed in. */
    private static final List<String> LOOKALIKES = List.of(
            "\n.\n",
            "\n.\r\n",
            "\r\n.\n",
            "\r.\r",
            "\r\n.\r",
            "\r.\r\n",
            "\n.\r",
            "\r.\n",
            "\r\n\0.\r\n",
            "\r\n.\0\r\n",
            "\r\n.\r\0\n",
            "\r\0\n.\r\n",
            "\0\r\n.\0\r\n",
            "\r\n.\r\r\n",
            "\r\r\n.\r\r\n",
            "\r\r\n.\n",
            "\n\n.\n\n",
            "\r\n. \r\n",
            "\r\n .\r\n",
            "\r\n..\r\n",
            "\u0085.\u0085",
            "\u001a",
            "\r\n.\u0085\n",
            "\u000b.\u000b",
            "\r\n.\t\r\n");

    private final TestReceiver receiver = TestReceiver.start();

    @AfterEach
    void stop() {
        receiver.close();
    }

    private static List<String> everything() {
        return Stream.concat(LOOKALIKES.stream(), ContentScannerTest.words("\r\n\0.", 6).stream())
                .toList();
    }

    private static boolean hasBareCrOrLf(String content) {
        String rest = content.replace("\r\n", "");
        return rest.indexOf('\r') >= 0 || rest.indexOf('\n') >= 0;
    }

    private static String escaped(String text) {
        return text.replace("\r", "<CR>").replace("\n", "<LF>").replace("\0", "<NUL>");
    }

    /** Sends a message for each word and a command behind it, and looks at both replies and at what is stored. */
    private void check(List<String> words, boolean byData, boolean octetByOctet) throws IOException {
        for (int from = 0; from < words.size(); from += PER_SESSION) {
            List<String> batch = words.subList(from, Math.min(words.size(), from + PER_SESSION));
            receiver.messages().clear();
            List<String> accepted = new ArrayList<>();
            try (RawClient client = receiver.client()) {
                for (String word : batch) {
                    String content = "a" + word + SMUGGLED + "\r\n";
                    String command = byData
                            ? "DATA\r\n" + content + ".\r\n"
                            : "BDAT " + content.length() + " LAST\r\n" + content;
                    String octets = TestReceiver.ENVELOPE + command + "VRFY x\r\n";
                    List<String> replies =
                            (octetByOctet ? client.sendByteWise(octets) : client.send(octets)).replies(2);
                    assertThat(replies).allMatch(reply -> reply.startsWith("250"));
                    if (byData) {
                        assertThat(client.reply()).startsWith("354");
                    }
                    boolean bare = hasBareCrOrLf(content);
                    assertThat(client.reply())
                            .as(escaped(word))
                            .startsWith(bare ? "550 5.5.2" : "250 2.0.0 Ok: queued");
                    assertThat(client.reply()).as("behind %s", escaped(word)).startsWith("252");
                    if (!bare) {
                        accepted.add(byData ? content.replace("\r\n.", "\r\n") : content);
                    }
                }
            }
            assertThat(receiver.messages())
                    .extracting(MemoryIntake.Stored::body)
                    .containsExactlyElementsOf(accepted);
            assertThat(receiver.messages())
                    .allMatch(m -> m.envelope().reversePath().toString().equals("<s@sender.test>"));
        }
    }

    @Test
    void data_everyWord_whole() throws IOException {
        // The true end is no lookalike: what follows it is obeyed, and must be.
        check(everything().stream().filter(word -> !word.contains(END)).toList(), true, false);
    }

    @Test
    void data_octetByOctet() throws IOException {
        List<String> words = new ArrayList<>(LOOKALIKES);
        words.addAll(ContentScannerTest.words("\r\n\0.", 3));
        check(words, true, true);
    }

    @Test
    void bdat_everyWord_whole() throws IOException {
        check(everything(), false, false);
    }

    @Test
    void bdat_octetByOctet() throws IOException {
        List<String> words = new ArrayList<>(LOOKALIKES);
        words.add(END);
        words.addAll(ContentScannerTest.words("\r\n\0.", 3));
        check(words, false, true);
    }

    @Test
    void whatIsAccepted_goesOnAsOneMessage_withoutBareCrOrLf() throws IOException {
        List<String> clean = everything().stream()
                .map(word -> "a" + word + SMUGGLED)
                .filter(content -> !hasBareCrOrLf(content))
                .toList();
        assertThat(clean).hasSizeGreaterThan(100).anyMatch(content -> content.contains(END));
        try (RawClient client = receiver.client()) {
            for (String content : clean) {
                client.send(TestReceiver.ENVELOPE + "BDAT " + content.length() + " LAST\r\n" + content);
                assertThat(client.replies(3)).allMatch(reply -> reply.startsWith("250"));
            }
        }
        try (ScriptedServer primary = ScriptedServer.start()) {
            forward(primary);
            assertThat(primary.messages()).hasSameSizeAs(clean);
            assertThat(primary.commands()).noneMatch(command -> command.contains("evil"));
            for (int i = 0; i < clean.size(); i++) {
                ScriptedServer.Message arrived = primary.messages().get(i);
                assertThat(hasBareCrOrLf(arrived.raw()))
                        .as(escaped(clean.get(i)))
                        .isFalse();
                assertThat(arrived.raw().indexOf(END)).isEqualTo(arrived.raw().length() - END.length());
                // SMTP by DATA has no way to say that the last line has no end.
                assertThat(arrived.text()).endsWith(clean.get(i) + "\r\n");
            }
        }
    }

    private void forward(ScriptedServer primary) {
        try (SmtpSession session = SmtpSession.open(
                        primary.endpoint(),
                        new SmtpClientSettings("mx2.test", TlsPolicy.NONE, SmtpTimeouts.probing()),
                        Deadline.after(Duration.ofMinutes(1)))
                .session()
                .orElseThrow()) {
            for (MemoryIntake.Stored stored : receiver.messages()) {
                Envelope envelope =
                        Envelope.of(ReversePath.NULL, new ForwardPath("postmaster", java.util.Optional.empty()));
                MessageContent content = MessageContent.of(stored.text().getBytes(StandardCharsets.ISO_8859_1));
                assertThat(session.send(envelope, content, TransactionObserver.NONE)
                                .outcome())
                        .isEqualTo(TransactionResult.Outcome.ACCEPTED);
            }
        }
    }
}
