package org.understudy.alerts.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.alerts.DeliveryAttempt;
import org.understudy.alerts.DeliveryAttempt.Outcome;
import org.understudy.alerts.EmailSettings;
import org.understudy.alerts.EmailSettings.Tls;
import org.understudy.alerts.Notification;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.Secret;
import org.understudy.alerts.Severity;
import org.understudy.alerts.TestClock;
import org.understudy.alerts.TestSignals;

class EmailChannelTest {
    private static final String PASSWORD = "pAsSwOrD";
    private static final Notification TRIGGER = TestSignals.notification(NotifyReason.FIRST, 0, Severity.CRITICAL);

    @TempDir
    private Path directory;

    private final GreenMail mail =
            new GreenMail(new ServerSetup[] {new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP)});

    @BeforeEach
    void start() {
        mail.start();
    }

    @AfterEach
    void stop() {
        mail.stop();
    }

    private static EmailChannel channel(int port, Tls tls, String user, String... to) {
        return channel(port, tls, Optional.empty(), user, to);
    }

    private static EmailChannel channel(int port, Tls tls, Optional<SSLContext> trust, String user, String... to) {
        EmailSettings settings = new EmailSettings(
                "mail",
                "127.0.0.1",
                port,
                tls,
                user,
                Secret.of(PASSWORD),
                "Understudy <alerts@ops.example>",
                to.length == 0 ? List.of("ops@ops.example") : List.of(to),
                Severity.INFO);
        assertThat(settings.toString()).doesNotContain(PASSWORD);
        return new EmailChannel(settings, Duration.ofSeconds(2), trust.map(SSLContext::getSocketFactory));
    }

    private MimeMessage delivered(NotifyReason reason, int sequence) {
        int before = mail.getReceivedMessages().length;
        DeliveryAttempt attempt = channel(mail.getSmtp().getPort(), Tls.NONE, "")
                .send(TestSignals.notification(reason, sequence, Severity.CRITICAL));
        assertThat(attempt.outcome()).as(attempt.detail()).isEqualTo(Outcome.OK);
        assertThat(mail.getReceivedMessages()).hasSize(before + 1);
        return mail.getReceivedMessages()[before];
    }

    @Test
    void trigger_hasTheFieldsOfAnAutomaticMail() throws MessagingException {
        MimeMessage trigger = delivered(NotifyReason.FIRST, 0);

        assertThat(trigger.getSubject()).isEqualTo("[CRITICAL] example.org: primary MX unreachable");
        assertThat(trigger.getFrom()).extracting(Object::toString).containsExactly("Understudy <alerts@ops.example>");
        assertThat(trigger.getHeader("To")).containsExactly("ops@ops.example");
        assertThat(trigger.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(trigger.getHeader("X-Auto-Response-Suppress")).containsExactly("All");
        assertThat(trigger.getHeader("Importance")).containsExactly("high");
        assertThat(trigger.getSentDate()).isEqualTo(Date.from(TestClock.START.plusSeconds(720)));
        assertThat(trigger.getHeader("In-Reply-To")).isNull();
    }

    @Test
    void incident_isOneThread() throws MessagingException {
        String trigger = delivered(NotifyReason.FIRST, 0).getMessageID();
        String again = delivered(NotifyReason.FIRST, 0).getMessageID();
        MimeMessage repeat = delivered(NotifyReason.REPEAT, 1);
        MimeMessage resolved = delivered(NotifyReason.RESOLVED, 2);

        assertThat(trigger).isEqualTo(again).endsWith("@ops.example>");
        assertThat(repeat.getHeader("In-Reply-To")).containsExactly(trigger);
        assertThat(resolved.getHeader("In-Reply-To")).containsExactly(repeat.getMessageID());
        assertThat(resolved.getHeader("References", " ").split("\\s+")).containsExactly(trigger, repeat.getMessageID());
        assertThat(resolved.getSubject()).isEqualTo("[RESOLVED] example.org: primary MX unreachable (lasted 12m)");
        assertThat(resolved.getHeader("Importance")).isNull();
    }

    @Test
    void references_inALongIncident_staysShort() throws MessagingException {
        MimeMessage late = delivered(NotifyReason.REPEAT, 500);

        assertThat(late.getHeader("References", " ").split("\\s+")).hasSize(10);
        assertThat(late.getHeader("References", " "))
                .contains(".0@ops.example>")
                .contains(".499@ops.example>");
    }

    @Test
    void bodies_tellWhatAndSinceWhenAndWhatToDo() throws MessagingException, IOException {
        MimeMultipart bodies = (MimeMultipart) delivered(NotifyReason.FIRST, 0).getContent();
        BodyPart text = bodies.getBodyPart(0);
        BodyPart html = bodies.getBodyPart(1);

        assertThat(bodies.getContentType()).startsWith("multipart/alternative");
        assertThat(text.getContentType()).startsWith("text/plain");
        assertThat(text.getContent().toString())
                .contains("mx1.example.org (tier 1, pref 10) does not answer on port 25.")
                .contains("2026-11-24 13:00:00 UTC (12m ago)")
                .contains("The backup holds mail: 12 held, 0 lost.")
                .contains("Look at the mail server on mx1.example.org.")
                .contains("421 4.3.2 <mx1> busy & `closing`")
                .contains("https://agent.example/alerts/1")
                .contains("agent mon1");
        assertThat(html.getContentType()).startsWith("text/html");
        assertThat(html.getContent().toString())
                .contains("421 4.3.2 &lt;mx1&gt; busy &amp; `closing`")
                .contains("<a href=\"https://agent.example/alerts/1\">");
    }

    @ParameterizedTest
    @CsvSource({
        "BANNER, 554 5.7.1 go away, PERMANENT, false",
        "BANNER, 421 busy, RETRY, false",
        "MAIL, 550 5.7.1 not you, PERMANENT, false",
        "MAIL, 451 4.3.0 later, RETRY, false",
        "RCPT, 550 5.1.1 nobody, PERMANENT, false",
        "RCPT, 450 4.2.1 greylisted, RETRY, false",
        "DATA, 554 5.5.1 no, PERMANENT, false",
        "., 554 5.6.0 spam, PERMANENT, false",
        "., 452 4.3.1 full, RETRY, false",
        "., DROP, RETRY, true"
    })
    void reply_ofTheServer_isClassified(String verb, String reply, Outcome outcome, boolean uncertain)
            throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(Map.of(verb, reply))) {
            DeliveryAttempt attempt = channel(server.port(), Tls.NONE, "").send(TRIGGER);

            assertThat(attempt.outcome()).as(attempt.detail()).isEqualTo(outcome);
            assertThat(attempt.uncertain()).as(attempt.detail()).isEqualTo(uncertain);
            assertThat(attempt.detail()).contains("127.0.0.1:" + server.port());
        }
    }

    @ParameterizedTest
    @CsvSource({"535 5.7.8 bad pAsSwOrD, PERMANENT", "454 4.7.0 later, RETRY"})
    void login_thatIsRefused_isClassifiedAndShowsNoPassword(String reply, Outcome outcome) throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(Map.of("AUTH", reply))) {
            DeliveryAttempt attempt = channel(server.port(), Tls.NONE, "ops").send(TRIGGER);

            assertThat(attempt.outcome()).as(attempt.detail()).isEqualTo(outcome);
            assertThat(attempt.detail()).contains(reply.substring(0, 3)).doesNotContain(PASSWORD);
        }
    }

    @Test
    void recipient_thatIsRefused_doesNotKeepTheOthersFromBeingTold() throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(Map.of("BAD", "550 5.1.1 nobody"))) {
            DeliveryAttempt attempt = channel(server.port(), Tls.NONE, "", "good@ops.example", "bad@ops.example")
                    .send(TRIGGER);

            assertThat(attempt.outcome()).isEqualTo(Outcome.OK);
            assertThat(attempt.detail()).contains("1 of 2").contains("550 5.1.1 nobody");
            assertThat(server.commands()).contains("DATA", ".");
        }
    }

    @Test
    void server_withoutStarttls_isNotGivenThePassword() throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(Map.of())) {
            DeliveryAttempt attempt =
                    channel(server.port(), Tls.STARTTLS, "ops").send(TRIGGER);

            assertThat(attempt.outcome()).isEqualTo(Outcome.RETRY);
            assertThat(attempt.uncertain()).isFalse();
            assertThat(attempt.detail()).contains("STARTTLS");
            assertThat(server.commands()).noneMatch(command -> command.startsWith("AUTH"));
        }
    }

    @Test
    void server_thatGreetsInPlainText_isNotSpokenToWithImplicitTls() throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(Map.of())) {
            DeliveryAttempt attempt =
                    channel(server.port(), Tls.IMPLICIT, "ops").send(TRIGGER);

            assertThat(attempt.outcome()).as(attempt.detail()).isEqualTo(Outcome.RETRY);
            assertThat(attempt.uncertain()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"STARTTLS, ip:127.0.0.1, OK", "IMPLICIT, ip:127.0.0.1, OK", "STARTTLS, dns:other.example, RETRY"})
    void password_goesOnlyToTheServerOfTheCertificate(Tls tls, String name, Outcome outcome) throws Exception {
        SSLContext context = TestCertificate.in(directory, name);
        try (ScriptedSmtpServer server = ScriptedSmtpServer.startTls(context, tls == Tls.IMPLICIT)) {
            DeliveryAttempt attempt =
                    channel(server.port(), tls, Optional.of(context), "ops").send(TRIGGER);

            assertThat(attempt.outcome()).as(attempt.detail()).isEqualTo(outcome);
            boolean loggedIn = server.commands().stream().anyMatch(command -> command.startsWith("AUTH PLAIN"));
            assertThat(loggedIn).isEqualTo(outcome == Outcome.OK);
        }
    }

    @Test
    void certificate_thatNobodyVouchesFor_isRefused() {
        GreenMail tls = new GreenMail(new ServerSetup[] {new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS)});
        tls.start();
        try {
            DeliveryAttempt attempt =
                    channel(tls.getSmtps().getPort(), Tls.IMPLICIT, "ops").send(TRIGGER);

            assertThat(attempt.outcome()).isEqualTo(Outcome.RETRY);
            assertThat(attempt.detail()).contains("certif");
            assertThat(tls.getReceivedMessages()).isEmpty();
        } finally {
            tls.stop();
        }
    }

    @Test
    void nobody_listening_isCertainlyNotDelivered() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        DeliveryAttempt attempt = channel(closed, Tls.NONE, "").send(TRIGGER);

        assertThat(attempt.outcome()).isEqualTo(Outcome.RETRY);
        assertThat(attempt.uncertain()).isFalse();
    }

    @Test
    void address_thatIsNone_isPermanent() {
        DeliveryAttempt attempt = channel(mail.getSmtp().getPort(), Tls.NONE, "", "ops at example")
                .send(TRIGGER);

        assertThat(attempt.outcome()).isEqualTo(Outcome.PERMANENT);
        assertThat(attempt.detail()).contains("ops at example");
    }

    @Test
    void ehlo_namesOurAddressAsALiteral() throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(Map.of())) {
            assertThat(channel(server.port(), Tls.NONE, "").send(TRIGGER).outcome())
                    .isEqualTo(Outcome.OK);
            assertThat(server.commands()).contains("EHLO [127.0.0.1]");
        }
    }
}
