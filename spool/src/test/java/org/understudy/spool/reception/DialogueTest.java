package org.understudy.spool.reception;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole dialogues, each one a mistake that SMTP servers have made. */
class DialogueTest {
    private final TestReceiver receiver = TestReceiver.start();

    @AfterEach
    void stop() {
        receiver.close();
    }

    /** {@code C:} what the client says, with ~ for CRLF and ^ for LF; {@code S:} how the next reply begins. */
    private void hold(String transcript) throws IOException {
        try (RawClient client = receiver.client()) {
            for (String line : transcript.strip().lines().toList()) {
                String text = line.substring(2).strip();
                if (line.startsWith("C:")) {
                    client.send(text.replace("~", "\r\n").replace("^", "\n") + "\r\n");
                } else {
                    assertThat(client.reply()).as(line).startsWith(text);
                }
            }
        }
    }

    static List<Arguments> dialogues() {
        return List.of(
                Arguments.of("a refused message leaves no transaction behind", """
                        C: MAIL FROM:<s@sender.test>~RCPT TO:<a@example.org>~DATA
                        S: 250 2.1.0
                        S: 250 2.1.5
                        S: 354
                        C: bare^LF~.
                        S: 550 5.5.2
                        C: DATA
                        S: 503 5.5.1
                        C: RCPT TO:<a@example.org>
                        S: 503 5.5.1
                        C: MAIL FROM:<t@sender.test>
                        S: 250 2.1.0
                        """),
                Arguments.of("a message that was accepted ends its transaction", """
                        C: MAIL FROM:<s@sender.test>~RCPT TO:<a@example.org>~DATA
                        S: 250 2.1.0
                        S: 250 2.1.5
                        S: 354
                        C: x~.
                        S: 250 2.0.0 Ok: queued as
                        C: RCPT TO:<b@example.org>
                        S: 503 5.5.1
                        C: DATA
                        S: 503 5.5.1
                        C: MAIL FROM:<>
                        S: 250 2.1.0
                        """),
                Arguments.of(
                        "DATA without a valid recipient asks for no content, and the commands behind it are obeyed",
                        """
                        C: MAIL FROM:<s@sender.test>~RCPT TO:<a@other.test>~DATA~RSET~NOOP
                        S: 250 2.1.0
                        S: 550 5.7.1
                        S: 554 5.5.1
                        S: 250 2.0.0
                        S: 250 2.0.0
                        """),
                Arguments.of("one good recipient among bad ones is enough", """
                        C: MAIL FROM:<s@sender.test>~RCPT TO:<a@other.test>~RCPT TO:<garbage~RCPT TO:<>~RCPT TO:<a@example.org>~DATA
                        S: 250 2.1.0
                        S: 550 5.7.1
                        S: 501 5.5.4
                        S: 501 5.5.4
                        S: 250 2.1.5
                        S: 354
                        C: x~.
                        S: 250 2.0.0 Ok: queued as
                        """),
                Arguments.of("a refused MAIL opens nothing", """
                        C: MAIL FROM:<s@sender.test> SIZE=99999999999~RCPT TO:<a@example.org>~DATA~MAIL FROM:<s@sender.test> SIZE=9 BODY=8BITMIME
                        S: 552 5.3.4
                        S: 503 5.5.1
                        S: 503 5.5.1
                        S: 250 2.1.0
                        """),
                Arguments.of("EHLO and RSET forget the transaction", """
                        C: MAIL FROM:<s@sender.test>~RCPT TO:<a@example.org>~EHLO again.test
                        S: 250 2.1.0
                        S: 250 2.1.5
                        S: 250
                        C: DATA
                        S: 503 5.5.1
                        C: MAIL FROM:<s@sender.test>~RSET~DATA
                        S: 250 2.1.0
                        S: 250 2.0.0
                        S: 503 5.5.1
                        """),
                Arguments.of("verbs in any case, spaces at the end, words behind NOOP", """
                        C: mAiL from:<s@sender.test>  ~rcpt To:<a@example.org> ~noop and more~rset ~VRFY jo SMTPUTF8~vrfy
                        S: 250 2.1.0
                        S: 250 2.1.5
                        S: 250 2.0.0
                        S: 250 2.0.0
                        S: 252 2.5.2
                        S: 501 5.5.4
                        """),
                Arguments.of("RSET and DATA take no argument, and verbs are whole words", """
                        C: RSET now~DATA now~MAILFROM:<s@sender.test>~RCPTTO:<a@example.org>~BDATx 3~HELP me
                        S: 501 5.5.4
                        S: 501 5.5.4
                        S: 500 5.5.1
                        S: 500 5.5.1
                        S: 500 5.5.1
                        S: 214 2.0.0
                        """),
                Arguments.of("what nobody needs is not there", """
                        C: EXPN staff~ETRN example.org~TURN~SEND FROM:<s@sender.test>~SOML FROM:<s@sender.test>~AUTH PLAIN AGEAYg==~GET / HTTP/1.1
                        S: 502 5.5.1
                        S: 502 5.5.1
                        S: 502 5.5.1
                        S: 502 5.5.1
                        S: 502 5.5.1
                        S: 502 5.5.1
                        S: 500 5.5.1
                        """));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialogues")
    void dialogue(String what, String transcript) throws IOException {
        hold(transcript);
    }

    @Test
    void parameters_reachTheStore() throws IOException {
        try (RawClient client = receiver.client()) {
            client.ask("MAIL FROM:<s@sender.test> SIZE=3 RET=HDRS ENVID=a+2Bb BODY=8BITMIME");
            client.ask("RCPT TO:<a@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b@example.org");
            client.ask("DATA");
            assertThat(client.send("x\r\n.\r\n").reply()).startsWith("250");
        }
        MemoryIntake.Stored stored = receiver.messages().get(0);
        assertThat(stored.envelope().parameters().values())
                .containsOnlyKeys("RET", "ENVID", "BODY")
                .containsEntry("ENVID", "a+2Bb");
        assertThat(stored.envelope().recipients().get(0).parameters().values())
                .containsEntry("NOTIFY", "SUCCESS,DELAY")
                .containsEntry("ORCPT", "rfc822;b@example.org");
    }

    @Test
    void helo_isNotEsmtp_andSaysSoInTheTraceField() throws IOException {
        try (RawClient client = receiver.client()) {
            assertThat(client.send("HELO old(one).test\r\n").fullReply()).isEqualTo("250 mx2.test\n");
            client.send(TestReceiver.ENVELOPE + "DATA\r\n");
            client.replies(3);
            assertThat(client.send("x\r\n.\r\n").reply()).startsWith("250");
        }
        assertThat(receiver.messages().get(0).text())
                .startsWith(
                        "Received: from old?one?.test (unknown [127.0.0.1])\r\n\tby mx2.test (Understudy) with SMTP id ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"RCPT TO:<a\u0000@example.org>\r\n", "RCPT TO:<a@example.org>\n", "RCPT TO:<a@example.org>\r\r\n"
            })
    void commandLine_withWhatNoneHas_endsTheSession(String line) throws IOException {
        try (RawClient client = receiver.client()) {
            client.ask("MAIL FROM:<s@sender.test>");
            assertThat(client.send(line + "NOOP\r\n").reply()).startsWith("500 5.5.2");
            assertThat(client.reply()).isEqualTo("closed");
        }
    }

    /** RFC 5321 section 4.5.3.1.5. */
    @Test
    void replyLine_hasAtMost512Octets_howeverLongTheCommandWas() throws IOException {
        String word = "X".repeat(700);
        try (RawClient client = receiver.client()) {
            for (String command : List.of(
                    "MAIL FROM:<s@sender.test> " + word,
                    "MAIL FROM:<s@sender.test> SIZE=" + word,
                    "MAIL FROM:<s@sender.test> BODY=" + word,
                    "MAIL FROM:<" + word + "@sender.test",
                    word + " x",
                    "VRFY " + word,
                    "EHLO " + word,
                    "MAIL FROM:<s@sender.test>",
                    "RCPT TO:<a@example.org> " + word,
                    "RCPT TO:<" + word + "@example.org>",
                    "BDAT " + word)) {
                String reply = client.ask(command);
                assertThat(reply).as(command).hasSizeLessThanOrEqualTo(510).matches("\\d{3} .*");
            }
        }
    }

    @Test
    void lineOfContent_ofAnyLength_isKept() throws IOException {
        String line = "x".repeat(90_000) + "\r\n";
        try (RawClient client = receiver.clientInTransaction()) {
            client.ask("DATA");
            assertThat(client.send(line + ".\r\n").reply()).startsWith("250");
        }
        assertThat(receiver.messages().get(0).body()).isEqualTo(line);
    }

    /** RFC 2034 section 4: every reply with 2yz, 4yz or 5yz but those to EHLO and HELO, and the greeting. */
    @Test
    void everyReply_hasAnEnhancedStatusCode_ofItsClass() throws IOException {
        try (RawClient client = receiver.client()) {
            for (String command : List.of(
                    "NOOP",
                    "HELP",
                    "RSET",
                    "VRFY x",
                    "EXPN x",
                    "WHAT",
                    "STARTTLS",
                    "RSET x",
                    "MAIL",
                    "MAIL FROM:<s@sender.test>",
                    "MAIL FROM:<s@sender.test>",
                    "RCPT TO:<a@other.test>",
                    "RCPT TO:<a@example.org>",
                    "BDAT 0",
                    "DATA",
                    "BDAT 0 LAST",
                    "BDAT 0 LAST",
                    "BDAT 0 X",
                    "DATA",
                    "MAIL FROM:<s@sender.test> SIZE=999999",
                    "x".repeat(3000))) {
                String reply = client.ask(command);
                assertThat(reply).as(command).matches("([245])\\d\\d \\1\\.\\d\\.\\d+ .*");
            }
            assertThat(client.ask("QUIT")).startsWith("221 2.0.0 ");
        }
    }
}
