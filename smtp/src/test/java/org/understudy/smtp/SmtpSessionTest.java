package org.understudy.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.ScriptedServer.AtDot;
import org.understudy.smtp.SmtpFailure.Kind;
import org.understudy.smtp.TransactionResult.Outcome;

class SmtpSessionTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private final ScriptedServer server = ScriptedServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    private static SmtpClientSettings settings(TlsPolicy tls) {
        Duration d = Duration.ofSeconds(5);
        return new SmtpClientSettings("probe.test", tls, new SmtpTimeouts(d, d, d, d, d, d, d, d, SHORT, SHORT));
    }

    private SessionOpening opening(TlsPolicy tls) {
        return SmtpSession.open(server.endpoint(), settings(tls), Deadline.after(Duration.ofSeconds(20)));
    }

    private SmtpSession session() {
        return opening(TlsPolicy.NONE).session().orElseThrow();
    }

    private static Envelope envelope(String... recipients) {
        List<Recipient> list = java.util.Arrays.stream(recipients)
                .map(r -> Recipient.of(new ForwardPath(r, Optional.of("example.org"))))
                .toList();
        return new Envelope(ReversePath.of(new Mailbox("s", "sender.test")), EsmtpParameters.NONE, list);
    }

    private TransactionResult send(String content, String... recipients) {
        try (SmtpSession session = session()) {
            return session.send(envelope(recipients), content(content), TransactionObserver.NONE);
        }
    }

    private static MessageContent content(String text) {
        return MessageContent.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void send_accepted_arrivesOctetForOctet(boolean pipelining) {
        if (!pipelining) {
            server.offers("SIZE 1000000");
        }
        String body = "Subject: x\r\n\r\n.\r\n..\r\n.dot\r\nümläut\r\nlast\r\n";
        TransactionResult result = send(body, "a", "b");
        assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(result.sessionUsable()).isTrue();
        assertThat(server.messages()).hasSize(1);
        assertThat(server.messages().get(0).text()).isEqualTo(body);
        assertThat(server.messages().get(0).recipients()).containsExactly("<a@example.org>", "<b@example.org>");
        assertThat(server.commands()).contains("QUIT");
    }

    @Test
    void send_randomContent_arrivesOctetForOctet() {
        Random random = new Random(20261124);
        String[] pieces = {".", "\r\n", "..", "x", "\r\n.", "\u00ff", "abc\r\n", ".\r\n"};
        try (SmtpSession session = session()) {
            for (int i = 0; i < 200; i++) {
                StringBuilder text = new StringBuilder();
                for (int n = random.nextInt(60); n > 0; n--) {
                    text.append(pieces[random.nextInt(pieces.length)]);
                }
                text.append("\r\n");
                session.send(envelope("a"), content(text.toString()), TransactionObserver.NONE);
                assertThat(server.messages().get(i).text()).isEqualTo(text.toString());
            }
        }
    }

    @Test
    void send_largeContent_streamsIt() {
        byte[] big = ("0123456789".repeat(7) + "\r\n").repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        // The server is still reading when the dot is sent.
        Duration d = Duration.ofSeconds(20);
        SmtpClientSettings patient = new SmtpClientSettings("probe.test", TlsPolicy.NONE, SmtpTimeouts.all(d));
        try (SmtpSession session = SmtpSession.open(server.endpoint(), patient, Deadline.after(d))
                .session()
                .orElseThrow()) {
            TransactionResult result = session.send(envelope("a"), MessageContent.of(big), TransactionObserver.NONE);
            assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.messages().get(0).content()).isEqualTo(big);
    }

    @Test
    void send_emptyContent_isJustTheDot() {
        assertThat(send("", "a").outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(server.messages().get(0).content()).isEmpty();
    }

    @Test
    void send_contentWithoutFinalCrlf_getsOne() {
        send("x", "a");
        assertThat(server.messages().get(0).text()).isEqualTo("x\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb\r\n", "a\rb\r\n", "a\r\r\nb", "\n.\r\n", "a\r", "\n"})
    void send_bareCrOrLf_neverLeavesUs(String text) {
        TransactionResult result = send(text, "a");
        assertThat(result.outcome()).isEqualTo(Outcome.BROKEN_BEFORE_DOT);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo(Kind.CONTENT);
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void send_nullReversePath_isSentAsSuch() {
        try (SmtpSession session = session()) {
            session.send(
                    Envelope.of(ReversePath.NULL, new ForwardPath("a", Optional.of("example.org"))),
                    content("x\r\n"),
                    TransactionObserver.NONE);
        }
        assertThat(server.messages().get(0).mailFrom()).startsWith("<>");
    }

    @Test
    void send_parameters_onlyWhatIsOffered() {
        Envelope envelope = new Envelope(
                ReversePath.NULL,
                new EsmtpParameters(Map.of("BODY", "8BITMIME", "ENVID", "e1", "X-UNKNOWN", "1")),
                List.of(new Recipient(
                        new ForwardPath("a", Optional.of("example.org")),
                        new EsmtpParameters(Map.of("NOTIFY", "NEVER")))));
        try (SmtpSession session = session()) {
            session.send(envelope, content("x\r\n"), TransactionObserver.NONE);
        }
        String mail = server.commands().stream()
                .filter(c -> c.startsWith("MAIL"))
                .findFirst()
                .orElseThrow();
        assertThat(mail).contains(" SIZE=3", " BODY=8BITMIME", " ENVID=e1").doesNotContain("UNKNOWN");
        assertThat(server.commands()).contains("RCPT TO:<a@example.org> NOTIFY=NEVER");
        server.offers();
        server.commands().clear();
        try (SmtpSession session = session()) {
            session.send(envelope, content("x\r\n"), TransactionObserver.NONE);
        }
        assertThat(server.commands()).contains("MAIL FROM:<>", "RCPT TO:<a@example.org>");
    }

    @Test
    void send_needsSmtputf8ServerHasNot_isRefusedHere() {
        try (SmtpSession session = session()) {
            TransactionResult result = session.send(
                    Envelope.of(ReversePath.NULL, new ForwardPath("ä", Optional.of("example.org"))),
                    content("x\r\n"),
                    TransactionObserver.NONE);
            assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(result.reply()).isEmpty();
            assertThat(result.sessionUsable()).isTrue();
        }
        assertThat(server.commands()).noneMatch(c -> c.startsWith("MAIL"));
    }

    @ParameterizedTest(name = "{0} {1} pipelining {3}")
    @CsvSource({
        "MAIL, 550 5.7.1 no, MAIL, true", "MAIL, 451 4.3.0 later, MAIL, false", "RCPT, 550 5.1.1 no, RCPT, true",
        "RCPT, 450 4.2.1 later, RCPT, false", "DATA, 554 5.5.1 no, DATA, true", "DATA, 451 4.3.0 no, DATA, false",
        "DOT, 552 5.3.4 big, DOT, true", "DOT, 451 4.3.0 later, DOT, false"
    })
    void send_refused_saysAtWhichStage(String verb, String reply, SmtpStage stage, boolean pipelining) {
        if (!pipelining) {
            server.offers();
        }
        server.answer(verb, n -> n == 0 ? reply : null);
        try (SmtpSession session = session()) {
            TransactionResult refused = session.send(envelope("a"), content("x\r\n"), TransactionObserver.NONE);
            assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(refused.stage()).isEqualTo(stage);
            assertThat(refused.reply().orElseThrow()).hasToString(reply);
            assertThat(refused.sessionUsable()).isTrue();
            assertThat(session.send(envelope("b"), content("y\r\n"), TransactionObserver.NONE)
                            .outcome())
                    .isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.messages()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA", "DOT"})
    void send_421_endsTheSession(String verb) {
        server.answer(verb, "421 4.3.2 closing");
        TransactionResult result = send("x\r\n", "a", "b");
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.sessionUsable()).isFalse();
        assertThat(result.reply().orElseThrow().code()).isEqualTo(421);
    }

    @Test
    void send_someRecipientsRefused_otherGetIt() {
        server.answer("RCPT", n -> n == 1 ? "550 5.1.1 no such user" : null);
        TransactionResult result = send("x\r\n", "a", "b", "c");
        assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(result.recipients()).extracting(RecipientReply::isAccepted).containsExactly(true, false, true);
        assertThat(server.messages().get(0).recipients()).hasSize(2);
    }

    @Test
    void send_354WithoutRecipient_sendsNothing() {
        server.answer("RCPT", "550 5.1.1 no").answer("DATA", "354 go ahead").answer("DOT", "554 5.5.1 none");
        TransactionResult result = send("secret\r\n", "a");
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.stage()).isEqualTo(SmtpStage.RCPT);
        assertThat(result.sessionUsable()).isTrue();
        assertThat(server.messages()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = AtDot.class,
            names = {"RESET", "SILENCE"})
    void send_noReplyToTheDot_isAmbiguous(AtDot what) {
        server.atDot(what);
        TransactionResult result = send("x\r\n", "a");
        assertThat(result.outcome()).isEqualTo(Outcome.AMBIGUOUS);
        assertThat(result.stage()).isEqualTo(SmtpStage.DOT);
        assertThat(result.sessionUsable()).isFalse();
    }

    @Test
    void send_cutInContent_isNotDelivered() {
        server.resetAfterContent(1000);
        TransactionResult result = send("0123456789\r\n".repeat(500_000), "a");
        assertThat(result.outcome()).isEqualTo(Outcome.BROKEN_BEFORE_DOT);
    }

    @Test
    void send_unreadableContent_cutsTheSessionBeforeTheDot() {
        MessageContent broken = new MessageContent() {
            @Override
            public long size() {
                return 10;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("checksum");
            }
        };
        try (SmtpSession session = session()) {
            TransactionResult result = session.send(envelope("a"), broken, TransactionObserver.NONE);
            assertThat(result.outcome()).isEqualTo(Outcome.BROKEN_BEFORE_DOT);
            assertThat(result.failure().orElseThrow().kind()).isEqualTo(Kind.CONTENT);
        }
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void send_observer_isCalledOnceBeforeTheDot() {
        AtomicInteger calls = new AtomicInteger();
        try (SmtpSession session = session()) {
            session.send(envelope("a"), content("x\r\n"), () -> {
                assertThat(server.messages()).isEmpty();
                calls.incrementAndGet();
            });
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void open_refusedPort_saysSo() {
        server.pause();
        SessionOpening opening = opening(TlsPolicy.NONE);
        assertThat(opening.session()).isEmpty();
        assertThat(opening.failure().orElseThrow().kind()).isEqualTo(Kind.REFUSED);
        assertThat(opening.failure().orElseThrow().stage()).isEqualTo(SmtpStage.CONNECT);
    }

    @ParameterizedTest
    @CsvSource({
        "554 go away, REPLY, GREETING",
        "421 busy, REPLY, GREETING",
        "SSH-2.0-x, PROTOCOL, GREETING",
        "25 x, PROTOCOL, GREETING"
    })
    void open_badGreeting_isTold(String greeting, Kind kind, SmtpStage stage) {
        server.answer("GREETING", greeting);
        SmtpFailure failure = opening(TlsPolicy.NONE).failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.stage()).isEqualTo(stage);
    }

    @Test
    void open_ehloUnknown_fallsBackToHelo() {
        server.answer("EHLO", "502 5.5.1 what");
        SessionOpening opening = opening(TlsPolicy.NONE);
        assertThat(opening.session()).isPresent();
        assertThat(opening.capabilities()).isEqualTo(Capabilities.NONE);
        opening.session().orElseThrow().close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"endless line", "endless reply"})
    void open_hostileGreeting_isBounded(String how) {
        server.answer(
                "GREETING",
                how.equals("endless line") ? "220 " + "x".repeat(100_000) : "220-x\n".repeat(200) + "220 y");
        assertThat(opening(TlsPolicy.NONE).failure().orElseThrow().kind()).isEqualTo(Kind.PROTOCOL);
    }

    @Test
    void open_tls_capturesTheChain() {
        server.tls(TestCertificates.expired("mx.test"));
        SessionOpening opening = opening(TlsPolicy.OPPORTUNISTIC);
        assertThat(opening.tls()
                        .orElseThrow()
                        .chain()
                        .get(0)
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=mx.test");
        assertThat(opening.tls().orElseThrow().protocol()).startsWith("TLSv1.");
        try (SmtpSession session = opening.session().orElseThrow()) {
            assertThat(session.send(envelope("a"), content("x\r\n"), TransactionObserver.NONE)
                            .outcome())
                    .isEqualTo(Outcome.ACCEPTED);
            assertThat(session.capabilities().offers("STARTTLS")).isFalse();
        }
    }

    @Test
    void open_tlsRequiredNotOffered_fails() {
        SmtpFailure failure = opening(TlsPolicy.REQUIRED).failure().orElseThrow();
        assertThat(failure.kind()).isEqualTo(Kind.TLS);
        assertThat(failure.stage()).isEqualTo(SmtpStage.STARTTLS);
    }

    @Test
    void open_plaintextAfterStartTls_isRefused() {
        server.tls(TestCertificates.valid("mx.test")).injectAfterStartTls("250 injected\r\n");
        assertThat(opening(TlsPolicy.OPPORTUNISTIC).failure().orElseThrow().kind())
                .isEqualTo(Kind.PROTOCOL);
    }

    @Test
    void open_silentServer_endsAtTheDeadline() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            SessionOpening opening = SmtpSession.open(
                    new SmtpEndpoint("mx.test", InetAddress.getLoopbackAddress(), silent.getLocalPort()),
                    settings(TlsPolicy.NONE),
                    Deadline.after(SHORT));
            assertThat(opening.failure().orElseThrow().kind()).isEqualTo(Kind.DEADLINE);
        }
    }

    @Test
    void send_peerThatNeverReads_isCutAfterTheBlockTimeout() {
        server.on("CONTENT", Answer.silence());
        Duration d = Duration.ofSeconds(5);
        SmtpTimeouts timeouts = new SmtpTimeouts(d, d, d, d, d, d, d, SHORT, d, SHORT);
        SessionOpening opening = SmtpSession.open(
                server.endpoint(),
                new SmtpClientSettings("probe.test", TlsPolicy.NONE, timeouts),
                Deadline.after(Duration.ofSeconds(20)));
        TransactionResult result = opening.session()
                .orElseThrow()
                .send(envelope("a"), MessageContent.of(crlfLines(30_000_000)), TransactionObserver.NONE);
        assertThat(result.outcome()).isEqualTo(Outcome.BROKEN_BEFORE_DOT);
        assertThat(result.failure().orElseThrow().kind()).isEqualTo(Kind.TIMEOUT);
    }

    private static byte[] crlfLines(int octets) {
        byte[] content = new byte[octets];
        for (int i = 0; i < octets; i++) {
            content[i] = (byte) (i % 70 == 68 ? '\r' : i % 70 == 69 ? '\n' : 'x');
        }
        return content;
    }

    @Test
    void transcript_hasBothSidesAndPhases() {
        SmtpSession session = session();
        session.send(envelope("a"), content("x\r\n"), TransactionObserver.NONE);
        session.close();
        Transcript transcript = session.transcript();
        assertThat(transcript.toString()).contains("C: EHLO probe.test", "S: 220 mx.test", "octets of content");
        assertThat(transcript.toString()).doesNotContain("C: x");
        assertThat(transcript.phases())
                .containsKeys(SmtpStage.CONNECT, SmtpStage.GREETING, SmtpStage.EHLO, SmtpStage.MAIL, SmtpStage.DOT);
    }

    @Test
    void transcript_masksSecrets() {
        TranscriptRecorder recorder = new TranscriptRecorder();
        recorder.client("AUTH PLAIN dGVzdAB0ZXN0ADEyMzQ=");
        recorder.client("XCLIENT ADDR=192.0.2.1 LOGIN=joe");
        assertThat(recorder.transcript().toString()).doesNotContain("dGVzd").doesNotContain("joe");
    }
}
