package org.understudy.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** XCLIENT over a real connection, on the client's side. */
class IntroductionTest {
    private static final String OFFER = "XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR DESTPORT";

    private final ScriptedServer server = ScriptedServer.start().offers("PIPELINING", OFFER);

    @AfterEach
    void close() {
        server.close();
    }

    private SmtpSession session() {
        Duration d = Duration.ofSeconds(3);
        SmtpTimeouts timeouts = SmtpTimeouts.all(d);
        return SmtpSession.open(
                        server.endpoint(),
                        new SmtpClientSettings("mx2.test", TlsPolicy.NONE, timeouts),
                        Deadline.after(Duration.ofSeconds(20)))
                .session()
                .orElseThrow();
    }

    private static ClientIdentity client(String address, Optional<String> name, String helo, boolean extended) {
        try {
            return new ClientIdentity(InetAddress.getByName(address), name, helo, extended);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClientIdentity client(String helo) {
        return client("192.0.2.7", Optional.empty(), helo, true);
    }

    private static void send(SmtpSession session) {
        Envelope envelope = Envelope.of(ReversePath.NULL, new ForwardPath("a", Optional.of("example.org")));
        assertThat(session.send(
                                envelope,
                                MessageContent.of("x\r\n".getBytes(StandardCharsets.US_ASCII)),
                                TransactionObserver.NONE)
                        .outcome())
                .isEqualTo(TransactionResult.Outcome.ACCEPTED);
    }

    private List<String> introduction() {
        return server.commands().stream()
                .filter(c -> c.startsWith("XCLIENT") || c.startsWith("EHLO"))
                .skip(1)
                .toList();
    }

    @Test
    void client_isNamedWithAllThatIsOfferedAndGreetsAgain() {
        try (SmtpSession session = session()) {
            ClientIdentity client = client("192.0.2.7", Optional.of("out.sender.test"), "helo.sender.test", true);
            assertThat(session.takesClient()).isTrue();
            assertThat(session.speakFor(client)).isEmpty();
            assertThat(session.client()).contains(client);
            send(session);
        }
        assertThat(introduction())
                .containsExactly(
                        "XCLIENT HELO=helo.sender.test PROTO=ESMTP PORT=[UNAVAILABLE] NAME=out.sender.test"
                                + " REVERSE_NAME=out.sender.test ADDR=192.0.2.7",
                        "EHLO helo.sender.test");
    }

    @Test
    void whatIsNotKnown_isUnavailableAndWhatIsNotOffered_isLeftOut() {
        server.offers("XCLIENT ADDR NAME PROTO");
        try (SmtpSession session = session()) {
            assertThat(session.speakFor(client("2001:db8::7", Optional.empty(), "x", false)))
                    .isEmpty();
        }
        assertThat(introduction())
                .containsExactly("XCLIENT PROTO=SMTP NAME=[UNAVAILABLE] ADDR=IPV6:2001:db8:0:0:0:0:0:7", "EHLO x");
    }

    @Test
    void wordsThatAreNoName_areEncodedAndNotGreetedWith() {
        try (SmtpSession session = session()) {
            assertThat(session.speakFor(client("a+b =ü"))).isEmpty();
        }
        assertThat(introduction().get(0)).contains(" HELO=a+2Bb+20+3D+C3+BC ");
        assertThat(introduction().get(1)).isEqualTo("EHLO mx2.test");
    }

    @Test
    void longWords_goInSeveralCommandsTheAddressLast() {
        String name = "n".repeat(250) + ".test";
        try (SmtpSession session = session()) {
            assertThat(session.speakFor(client("192.0.2.7", Optional.of(name), "h".repeat(255), true)))
                    .isEmpty();
            send(session);
        }
        List<String> commands = introduction();
        assertThat(commands).hasSize(4).allMatch(c -> c.length() <= 510);
        assertThat(commands.get(0)).startsWith("XCLIENT HELO=hhh").doesNotContain("ADDR");
        assertThat(commands.get(2)).endsWith(" ADDR=192.0.2.7");
        assertThat(commands.get(3)).startsWith("EHLO hhh");
    }

    @Test
    void tooLongAGreeting_isUnavailable() {
        try (SmtpSession session = session()) {
            assertThat(session.speakFor(client("h".repeat(256)))).isEmpty();
        }
        assertThat(introduction().get(0)).startsWith("XCLIENT HELO=[UNAVAILABLE] ");
    }

    @Test
    void newReplyToEhlo_countsFromThenOn() {
        server.answer("EHLO", n -> n == 1 ? "250-mx.test\n250 SIZE 5000" : null);
        try (SmtpSession session = session()) {
            assertThat(session.speakFor(client("x"))).isEmpty();
            assertThat(session.takesClient()).isFalse();
            assertThat(session.capabilities().offers("PIPELINING")).isFalse();
            send(session);
        }
        assertThat(server.commands()).contains("MAIL FROM:<> SIZE=3");
    }

    @Test
    void refusal_endsTheSession() {
        server.answer("XCLIENT", "550 5.7.0 insufficient authorization");
        try (SmtpSession session = session()) {
            SmtpFailure failure = session.speakFor(client("x")).orElseThrow();
            assertThat(failure.kind()).isEqualTo(SmtpFailure.Kind.REPLY);
            assertThat(failure.stage()).isEqualTo(SmtpStage.XCLIENT);
            assertThat(session.client()).isEmpty();
            assertThat(session.mail(ReversePath.NULL).isPositive()).isFalse();
        }
        assertThat(server.commands()).doesNotContain("MAIL FROM:<>");
    }

    @Test
    void refusedGreeting_endsTheSession() {
        server.answer("EHLO", n -> n == 1 ? "501 5.5.4 not with that name" : null);
        try (SmtpSession session = session()) {
            assertThat(session.speakFor(client("x")).orElseThrow().stage()).isEqualTo(SmtpStage.XCLIENT);
        }
    }

    @Test
    void serverWithoutAddresses_takesNoClient() {
        server.offers("XCLIENT LOGIN");
        try (SmtpSession session = session()) {
            assertThat(session.takesClient()).isFalse();
        }
        server.offers("PIPELINING");
        try (SmtpSession session = session()) {
            assertThat(session.takesClient()).isFalse();
        }
    }
}
