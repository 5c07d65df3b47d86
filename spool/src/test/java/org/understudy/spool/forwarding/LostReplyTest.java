package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.understudy.smtp.Answer;
import org.understudy.smtp.ScriptedServer.Message;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;

/** The reply to the final dot that nobody read (RFC 1047): the one place where a message may arrive twice. */
class LostReplyTest {
    /** Longer than this world waits for any reply. */
    private static final Duration TOO_LATE = Duration.ofMillis(1500);

    @TempDir
    Path directory;

    private ForwardingWorld world;

    @BeforeEach
    void open() {
        world = ForwardingWorld.fast(directory);
        world.warmUp();
    }

    @AfterEach
    void close() {
        world.close();
    }

    static Stream<Answer> losses() {
        return Stream.of(
                Answer.close(),
                Answer.reset(),
                Answer.slowly(TOO_LATE, "250 2.0.0 Ok: queued as LATE"),
                Answer.silence(),
                Answer.raw("thanks\r\n"),
                Answer.raw("25"));
    }

    @ParameterizedTest(name = "[{index}]")
    @MethodSource("losses")
    void lost_isNotForwardedAndNotRefused_andSentAgainTheSame(Answer loss) {
        world.primary.on("DOT", 0, loss);
        QueueId id = world.queue("s", Instant.now(), "Subject: x\r\n\r\n.dot\r\nbody\r\n", "a", "b");
        await().until(() -> world.lane().ambiguous() == 1);
        await().until(() -> world.store.find(id).orElseThrow().units().get(0).attempts() == 1);
        QueueCounts counts = world.counts();
        assertThat(counts.forwarded()).isEqualTo(1);
        assertThat(counts.quarantined()).isZero();
        assertThat(counts.queued()).isEqualTo(2);
        assertThat(world.lastReply(id)).startsWith("no reply to the final dot");
        world.awaitForwarded(3);
        assertThat(world.lane().ambiguous()).isEqualTo(1);
        List<Message> arrived = world.primary.messages();
        assertThat(arrived).hasSizeBetween(1, 2).allMatch(m -> m.equals(arrived.get(0)));
    }

    @Test
    void lost_waitsForItsDelay_whileOthersGoOn() {
        world.primary.on("DOT", 0, Answer.reset());
        long begun = System.nanoTime();
        QueueId lost = world.queue("a");
        await().until(() -> world.lane().ambiguous() == 1);
        world.queue("b");
        world.awaitForwarded(2);
        assertThat(world.store.find(lost)).isPresent();
        world.awaitForwarded(3);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(ForwardingWorld.FAST_LOST_REPLY);
    }

    @Test
    void refusedAtTheDot_thenTaken_arrivesOnce() {
        world.primary.answer("DOT", n -> n == 0 ? "452 4.2.2 not now" : null);
        world.queue("a", "b");
        world.awaitForwarded(3);
        assertThat(world.primary.messages()).hasSize(1);
        assertThat(world.primary.messages().get(0).recipients()).containsExactly("<a@example.org>", "<b@example.org>");
        assertThat(world.lane().ambiguous()).isZero();
    }

    @Test
    void pipelined_tooManyThenTaken_eachRecipientOnce() {
        world.primary.holdReplies();
        world.primary.answer("RCPT", n -> n == 1 ? "452 4.5.3 too many" : null);
        world.queue("a", "b", "c");
        world.awaitForwarded(4);
        assertThat(world.primary.messages())
                .extracting(Message::recipients)
                .containsExactly(List.of("<a@example.org>", "<c@example.org>"), List.of("<b@example.org>"));
        assertThat(world.lane().ambiguous()).isZero();
    }

    @Test
    void brokenBeforeTheDot_arrivesOnce_andIsNotCounted() {
        // So long that it does not fit between the two, and the client is still writing when it learns of it.
        String content = ("x".repeat(998) + "\r\n").repeat(16_000);
        // And it takes a while on a busy machine: nobody here waits in vain for a reply.
        try (ForwardingWorld patient = ForwardingWorld.patient(directory.resolve("patient"))) {
            patient.primary.on("CONTENT", 0, Answer.reset());
            patient.queue("s", Instant.now(), content, "a");
            patient.awaitForwarded(1);
            assertThat(patient.primary.messages()).hasSize(1);
            assertThat(patient.lane().ambiguous()).isZero();
        }
    }
}
