package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.smtp.Answer;
import org.understudy.spool.LaneState;
import org.understudy.spool.QueueId;

/** A primary that is there and refuses mail, and above all one that has just come back: nothing may be lost or set aside. */
class FrozenLaneTest {
    @TempDir
    Path directory;

    private ForwardingWorld world;

    @BeforeEach
    void open() {
        world = ForwardingWorld.fast(directory);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private long commands(String verb) {
        return world.primary.commands().stream().filter(c -> c.startsWith(verb)).count();
    }

    private void outageWith(int messages) {
        world.warmUp();
        world.primary.pause();
        for (int i = 0; i < messages; i++) {
            world.queueFrom("s" + i, "a" + i);
        }
        world.awaitState(LaneState.DOWN);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "RCPT, 550 5.1.1 user unknown",
        "RCPT, 550 no such user here",
        "MAIL, 553 5.1.8 not this sender",
        "DOT, 554 5.6.0 virus",
        "DOT, 552 5.3.4 too big",
        "DOT, 554 no"
    })
    void refusedJustAfterAnOutage_stopsWithinThree_andQuarantinesNothing(String point, String reply) {
        outageWith(20);
        world.primary.answer(point, reply);
        world.primary.resume();
        world.awaitState(LaneState.FROZEN);
        assertThat(commands("MAIL")).isLessThanOrEqualTo(Confidence.MOST_DOUBTED_REFUSALS);
        assertThat(world.lane().lastError().orElseThrow()).contains(reply);
        assertThat(world.counts().quarantined()).isZero();
        assertThat(world.counts().queued()).isEqualTo(20);
        world.primary.usual(point);
        world.awaitForwarded(21);
        world.awaitState(LaneState.UP);
    }

    @Test
    void neverSpokenTo_isDoubtedToo() {
        world.primary.answer("RCPT", "550 5.1.1 user unknown");
        world.queue("a");
        world.queue("b");
        world.queue("c");
        world.awaitState(LaneState.FROZEN);
        assertThat(world.counts().quarantined()).isZero();
        assertThat(commands("MAIL")).isEqualTo(3);
    }

    @Test
    void frozen_onlyPilotsAreOffered_lessAndLessOften() {
        outageWith(50);
        world.primary.answer("DATA", "554 5.7.1 not from you");
        world.primary.resume();
        world.awaitState(LaneState.FROZEN);
        long begun = System.nanoTime();
        // Two, four and eight intervals of 200 ms, less a tenth of jitter.
        await().until(() -> commands("DATA") >= 4);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(2500));
        assertThat(world.counts().queued()).isEqualTo(50);
        assertThat(world.lane().state()).isEqualTo(LaneState.FROZEN);
    }

    @Test
    void signOfLife_doesNotThaw() {
        outageWith(1);
        world.primary.answer("GREETING", "554 5.7.1 go away");
        world.primary.resume();
        world.awaitState(LaneState.FROZEN);
        int before = world.primary.connections();
        for (int i = 0; i < 100; i++) {
            world.signOfLife();
        }
        await().until(() -> world.primary.connections() > before);
        assertThat(world.primary.connections()).isLessThan(before + 5);
        world.primary.usual("GREETING");
        world.awaitForwarded(2);
    }

    @Test
    void thawedByAPerson_goesOnAtOnce_andBelievesRefusals() {
        ForwardingWorld slow = ForwardingWorld.slow(directory.resolve("slow"));
        try (slow) {
            slow.warmUp();
            slow.primary.answer("RCPT", "550 5.7.1 relaying denied");
            QueueId kept = slow.queue("a");
            slow.awaitState(LaneState.FROZEN);
            slow.primary.answer("RCPT", n -> n == 0 ? "550 5.1.1 unknown" : null);
            QueueId refused = slow.queue("b");
            slow.queue("c");
            slow.thaw();
            slow.awaitForwarded(2);
            assertThat(slow.fate(refused, 0)).isEqualTo("CONFIRMATION");
            assertThat(slow.fate(kept, 0)).isEqualTo("BACKOFF");
            slow.awaitState(LaneState.UP);
        }
    }

    @Test
    void secondSenderInARowRefused_isThePath() {
        world.warmUp();
        world.primary.answer("MAIL", "550 5.1.8 not this sender");
        QueueId first = world.queueFrom("one", "a");
        await().until(() -> world.fate(first, 0).equals("QUARANTINED"));
        QueueId second = world.queueFrom("two", "a");
        world.awaitState(LaneState.FROZEN);
        assertThat(world.fate(second, 0)).isNotEqualTo("QUARANTINED");
        world.primary.usual("MAIL");
        world.awaitForwarded(2);
    }

    @Test
    void sameSenderRefusedTwice_isTheSender() {
        world.warmUp();
        world.primary.answer("MAIL", "550 5.1.8 not this sender");
        world.queueFrom("one", "a");
        world.queueFrom("one", "b");
        await().until(() -> world.counts().quarantined() == 2);
        world.awaitState(LaneState.UP);
    }

    @Test
    void recipientRefused_isQuarantinedWhenRefusedAgain() {
        world.warmUp();
        world.primary.answer("RCPT", "550 5.1.1 unknown");
        QueueId id = world.queue("a");
        await().until(() -> world.fate(id, 0).equals("QUARANTINED"));
        assertThat(commands("RCPT")).isEqualTo(2);
        assertThat(world.lastReply(id)).isEqualTo("550 5.1.1 unknown");
    }

    @Test
    void recipientRefusedOnce_isForwardedWhenTakenLater() {
        world.warmUp();
        world.primary.answer("RCPT", n -> n == 0 ? "550 5.1.1 unknown" : null);
        world.queue("a");
        world.awaitForwarded(2);
    }

    @Test
    void dotRefusedWithoutReason_afterAnOutage_freezesOnce_thenItIsTheMessage() {
        outageWith(1);
        world.primary.resume();
        world.awaitForwarded(2);
        world.primary.answer("DOT", n -> lastRecipient().contains("bad") ? "554 no" : null);
        QueueId bad = world.queue("bad");
        world.awaitState(LaneState.FROZEN);
        assertThat(world.counts().quarantined()).isZero();
        world.queue("good");
        await().atMost(Duration.ofSeconds(20)).until(() -> world.fate(bad, 0).equals("QUARANTINED"));
        world.awaitForwarded(3);
        world.awaitState(LaneState.UP);
    }

    private String lastRecipient() {
        List<String> commands = world.primary.commands();
        return commands.stream().filter(c -> c.startsWith("RCPT")).reduce("", (before, last) -> last);
    }

    @Test
    void messageThatKeepsStoppingTheLane_isSetAside_whileOthersPass() {
        world.warmUp();
        world.primary.answer("RCPT", n -> lastRecipient().contains("bad") ? "554 5.4.6 loop" : null);
        QueueId bad = world.queue("bad");
        world.awaitState(LaneState.FROZEN);
        world.queue("good");
        await().atMost(Duration.ofSeconds(20)).until(() -> world.fate(bad, 0).equals("QUARANTINED"));
        world.awaitForwarded(2);
        world.awaitState(LaneState.UP);
    }

    @Test
    void garbage_isAskedForAgainWithoutPipelining() {
        world.warmUp();
        world.primary.answer("RCPT", n -> n == 0 ? "hello?" : null);
        world.queue("a");
        world.awaitForwarded(2);
        // With pipelining a server that holds its replies until DATA came would get it; without, it waits in vain.
        world.primary.holdReplies();
        world.queue("b");
        await().until(() -> world.lane().lastError().orElse("").contains("no answer in time"));
        assertThat(world.primary.commands()).last().asString().startsWith("MAIL");
    }

    @Test
    void garbageWithoutPipelining_stopsTheLane() {
        world.warmUp();
        world.primary.answer("MAIL", "hello?");
        world.queue("a");
        world.queue("b");
        world.awaitState(LaneState.DOWN);
        assertThat(world.counts().queued()).isEqualTo(2);
        world.primary.usual("MAIL");
        world.awaitForwarded(3);
    }

    @Test
    void serverEndsSessionBetweenMessages_losesAndDoublesNothing() {
        world.primary.on("MAIL", 5, Answer.close());
        for (int i = 0; i < 12; i++) {
            world.queue("a" + i);
        }
        world.awaitForwarded(12);
        world.primary.on("MAIL", 5, Answer.reply("421 4.7.0 enough for one session"));
        for (int i = 0; i < 12; i++) {
            world.queue("b" + i);
        }
        world.awaitForwarded(24);
        assertThat(world.primary.messages()).hasSize(24);
        assertThat(world.lane().ambiguous()).isZero();
    }
}
