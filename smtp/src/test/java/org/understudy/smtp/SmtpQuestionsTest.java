package org.understudy.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session can be asked besides sending messages. */
class SmtpQuestionsTest {
    private static final Duration SHORT = Duration.ofMillis(400);
    private final ScriptedServer server = ScriptedServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private SessionOpening opening() {
        Duration d = Duration.ofSeconds(5);
        return SmtpSession.open(
                server.endpoint(),
                new SmtpClientSettings(
                        "probe.test", TlsPolicy.OPPORTUNISTIC, new SmtpTimeouts(d, d, d, d, d, d, d, d, SHORT, SHORT)),
                Deadline.after(Duration.ofSeconds(20)));
    }

    private SmtpSession session() {
        return opening().session().orElseThrow();
    }

    @Test
    void question_getsItsReply_andTheSessionGoesOn() {
        try (SmtpSession session = session()) {
            assertThat(session.ask("VRFY jo").reply()).map(Reply::code).contains(500);
            assertThat(session.ask("MAIL FROM:<> SIZE=100").isPositive()).isTrue();
            assertThat(session.ask("RSET").isPositive()).isTrue();
        }
        assertThat(server.commands()).endsWith("VRFY jo", "MAIL FROM:<> SIZE=100", "RSET", "QUIT");
    }

    @Test
    void question_ofTwoLines_isRefused() {
        try (SmtpSession session = session()) {
            assertThatThrownBy(() -> session.ask("VRFY jo\r\nQUIT")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void question_afterTheEnd_isAFailure() {
        SmtpSession session = session();
        session.close();
        assertThat(session.ask("VRFY jo").failure()).isPresent();
    }

    @Test
    void offersInTheClear_areKeptApartFromThoseUnderTls() {
        server.tls(TestCertificates.valid("mx.test"));
        SessionOpening opening = opening();
        opening.session().orElseThrow().close();
        assertThat(opening.inClear().offers("STARTTLS")).isTrue();
        assertThat(opening.capabilities().offers("STARTTLS")).isFalse();
        assertThat(opening.capabilities().offers("DSN")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\n.\nb", "a\r\n.\nb", "a\r.\rb", "a\n.\r\nb"})
    void contentWithoutItsEnd_isNoMessage(String content) {
        try (SmtpSession session = session()) {
            begin(session);
            CommandResult result = session.leaveUnfinished(content.getBytes(StandardCharsets.US_ASCII), SHORT);
            assertThat(result.failure()).map(SmtpFailure::kind).contains(SmtpFailure.Kind.TIMEOUT);
        }
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void endThatOnlyTheServerSees_isItsReply() {
        server.lenient();
        try (SmtpSession session = session()) {
            begin(session);
            CommandResult result = session.leaveUnfinished("a\n.\r\nb".getBytes(StandardCharsets.US_ASCII), SHORT);
            assertThat(result.reply()).map(Reply::code).contains(250);
            assertThat(session.ask("NOOP").failure()).isPresent();
        }
    }

    @Test
    void contentThatIsNotWanted_isNotBegun() {
        server.answer("DATA", "451 4.3.0 not now");
        try (SmtpSession session = session()) {
            begin(session);
            CommandResult result = session.leaveUnfinished(new byte[] {'a'}, SHORT);
            assertThat(result.reply()).map(Reply::code).contains(451);
        }
    }

    private static void begin(SmtpSession session) {
        session.ask("MAIL FROM:<>");
        session.ask("RCPT TO:<jo@example.org>");
    }
}
