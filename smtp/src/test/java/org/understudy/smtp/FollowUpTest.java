package org.understudy.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.smtp.TransactionResult.Outcome;

/** The envelope of the next message behind the final dot of the one before. */
class FollowUpTest {
    private static final Duration SHORT = Duration.ofMillis(800);
    private static final Envelope SECOND = envelope("second");

    private ScriptedServer server;

    @BeforeEach
    void start() {
        server = ScriptedServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private SmtpSession session() {
        SmtpTimeouts timeouts = SmtpTimeouts.all(SHORT);
        return SmtpSession.open(
                        server.endpoint(),
                        new SmtpClientSettings("client.test", TlsPolicy.NONE, ServerTrust.STANDARD, timeouts, true),
                        Deadline.after(Duration.ofSeconds(20)))
                .session()
                .orElseThrow();
    }

    private static Envelope envelope(String localPart) {
        return Envelope.of(
                ReversePath.of(new Mailbox("s", "sender.test")),
                new ForwardPath(localPart, Optional.of("example.org")));
    }

    private static MessageContent content(String text) {
        return MessageContent.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Names a message as the next one. */
    private record Naming(FollowUp next) implements TransactionObserver {
        @Override
        public void beforeFinalDot() {
            // Nothing to do.
        }

        @Override
        public Optional<FollowUp> followUp(List<RecipientReply> recipients) {
            return Optional.of(next);
        }
    }

    private static final Naming NAMING_SECOND = new Naming(new FollowUp(SECOND, 8));

    private static TransactionResult first(SmtpSession session) {
        return session.send(envelope("first"), content("first\r\n"), NAMING_SECOND);
    }

    private static TransactionResult second(SmtpSession session) {
        return session.send(SECOND, content("second\r\n"), TransactionObserver.NONE);
    }

    @Test
    void envelopeGoesOutBeforeTheReplyToTheDot_andBothArrive() {
        CountDownLatch gate = new CountDownLatch(1);
        server.on("DOT", 0, Answer.await(gate).then(Answer.reply("250 2.0.0 first")));
        try (SmtpSession session = session()) {
            CompletableFuture<TransactionResult> result = CompletableFuture.supplyAsync(() -> first(session));
            // The server reads on only when it has answered the dot: what is there by then came without a round trip.
            await().until(() -> server.commands().contains("DATA"));
            gate.countDown();
            assertThat(result.join().outcome()).isEqualTo(Outcome.ACCEPTED);
            await().until(() ->
                    server.commands().stream().filter("DATA"::equals).count() == 2);
            assertThat(server.messages()).hasSize(1);
            assertThat(second(session).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.messages()).extracting(m -> m.text()).containsExactly("first\r\n", "second\r\n");
        assertThat(server.commands()).endsWith("QUIT");
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 450 4.7.1 later, MAIL",
        "RCPT, 550 5.1.1 no such mailbox, RCPT",
        "DATA, 451 4.3.0 not now, DATA",
        "DOT, 554 5.6.0 bad content, DOT"
    })
    void refusalOfTheSecond_isItsOwn(String point, String reply, SmtpStage stage) {
        server.answer(point, n -> n == 1 ? reply : null);
        try (SmtpSession session = session()) {
            assertThat(first(session).outcome()).isEqualTo(Outcome.ACCEPTED);
            TransactionResult refused = second(session);
            assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(refused.stage()).isEqualTo(stage);
            assertThat(refused.reply().orElseThrow()).hasToString(reply);
            assertThat(session.send(envelope("third"), content("third\r\n"), TransactionObserver.NONE)
                            .outcome())
                    .isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.messages()).extracting(m -> m.text()).containsExactly("first\r\n", "third\r\n");
    }

    @Test
    void refusalOfTheFirstAtTheDot_leavesTheSecondAlone() {
        server.answer("DOT", n -> n == 0 ? "452 4.3.1 no room" : null);
        try (SmtpSession session = session()) {
            assertThat(first(session).outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(second(session).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.messages()).extracting(m -> m.text()).containsExactly("second\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"250 2.0.0 Ok\r\n250 2.0.0 Ok\r\n", "250 2.0.0 Ok\r\n354 go\r\n"})
    void replyToNoCommand_neverLosesTheSecond(String replies) {
        server.on("DOT", 0, Answer.raw(replies));
        try (SmtpSession session = session()) {
            assertThat(first(session).outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(second(session).outcome()).isEqualTo(Outcome.BROKEN_BEFORE_DOT);
        }
        assertThat(server.messages()).extracting(m -> m.text()).containsExactly("first\r\n");
    }

    @Test
    void lostReplyToTheDot_isAmbiguousForTheFirst_andTheSecondWasNeverOffered() {
        server.on("DOT", 0, Answer.reset());
        try (SmtpSession session = session()) {
            assertThat(first(session).outcome()).isEqualTo(Outcome.AMBIGUOUS);
            TransactionResult second = second(session);
            assertThat(second.outcome()).isEqualTo(Outcome.BROKEN_BEFORE_DOT);
            assertThat(second.failure().orElseThrow().kind()).isEqualTo(SmtpFailure.Kind.CLOSED);
        }
        // The server had taken the first when it hung up, which nobody here can know.
        assertThat(server.messages()).extracting(m -> m.text()).containsExactly("first\r\n");
    }

    @Test
    void closedInstead_theServerGetsNoSecondMessage() {
        try (SmtpSession session = session()) {
            assertThat(first(session).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.messages()).extracting(m -> m.text()).containsExactly("first\r\n");
        assertThat(server.commands()).doesNotContain("QUIT");
    }

    @Test
    void anotherMessageInstead_closesTheSession() {
        try (SmtpSession session = session()) {
            assertThat(first(session).outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(session.send(envelope("other"), content("other\r\n"), TransactionObserver.NONE)
                            .outcome())
                    .isEqualTo(Outcome.BROKEN_BEFORE_DOT);
        }
        assertThat(server.messages()).hasSize(1);
    }

    @Test
    void withoutPipelining_nothingGoesAhead() {
        server.offers();
        try (SmtpSession session = session()) {
            assertThat(first(session).outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(server.commands().stream().filter("DATA"::equals)).hasSize(1);
            assertThat(second(session).outcome()).isEqualTo(Outcome.ACCEPTED);
        }
        assertThat(server.messages()).hasSize(2);
    }
}
