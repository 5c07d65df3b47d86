package org.understudy.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Answer;

/** Mail that gets older than the retention while the primary is away. */
class RetentionTest {
    private static final Duration MOMENT = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private TimedSpool spool;

    @BeforeEach
    void start() {
        spool = TimedSpool.withoutNotices(directory);
    }

    @AfterEach
    void stop() {
        spool.close();
    }

    private boolean is(QueueId id, UnitState state) {
        return spool.unit(id).state() == state;
    }

    private QueueId expired() {
        spool.primary.pause();
        QueueId id = spool.send("user@example.org");
        spool.clock.advance(TimedSpool.RETENTION.plusMinutes(1));
        await().until(() -> is(id, UnitState.EXPIRED));
        return id;
    }

    /** A message that has just expired is not to be had before that is on record in full. */
    private void release() {
        await().until(() -> spool.operations()
                .order(QueueAction.RELEASE, QueueSelection.of(QueueFilter.ALL), TimedSpool.ANN)
                .busy()
                .isEmpty());
    }

    /** A message that is old enough is looked at after all older ones: when it has expired, they had their turn. */
    private void awaitLook() {
        spool.primary.pause();
        QueueId probe = spool.send("probe@example.org");
        spool.clock.advance(TimedSpool.RETENTION.plusMinutes(1));
        await().until(() -> is(probe, UnitState.EXPIRED));
    }

    @Test
    void oldMail_expires_andIsKept_youngMailIsNot() {
        spool.primary.pause();
        QueueId old = spool.send("user@example.org");
        spool.clock.advance(TimedSpool.RETENTION.minusMinutes(1));
        QueueId young = spool.send("user@example.org");
        await().during(Duration.ofMillis(300)).until(() -> is(old, UnitState.QUEUED));
        spool.clock.advance(Duration.ofMinutes(2));
        await().until(() -> is(old, UnitState.EXPIRED));
        assertThat(spool.unit(old).lastReply())
                .hasValueSatisfying(words -> assertThat(words).startsWith("not handed on within 336 h"));
        assertThat(is(young, UnitState.QUEUED)).isTrue();
        assertThat(spool.counts().expired()).isEqualTo(1);
        assertThat(spool.counts().domains().get(TimedSpool.ORG))
                .extracting(QueueCounts.DomainQueue::expired)
                .isEqualTo(1L);
        spool.primary.resume();
        await().until(() -> spool.counts().forwarded() == 1);
        assertThat(is(old, UnitState.EXPIRED)).isTrue();
    }

    @Test
    void released_doesNotExpireAgain_alsoAfterRestart_andIsDelivered() {
        QueueId id = expired();
        release();
        awaitLook();
        assertThat(is(id, UnitState.QUEUED)).isTrue();
        spool.restart();
        awaitLook();
        assertThat(is(id, UnitState.QUEUED)).isTrue();
        spool.primary.resume();
        await().until(() -> spool.find(id).isEmpty());
    }

    @Test
    void released_doesNotExpireAgain_afterAKill() throws IOException {
        QueueId id = expired();
        release();
        // What is on the disk now is what a kill would leave.
        Path image = directory.resolve("image");
        copy(spool.directory(), image);
        spool.goOnWith(image);
        awaitLook();
        assertThat(is(id, UnitState.QUEUED)).isTrue();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(path -> {
                try {
                    Files.copy(path, to.resolve(from.relativize(path).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void expiry_survivesTheLossOfTheIndex() throws IOException {
        QueueId id = expired();
        spool.stop();
        Files.delete(spool.directory().resolve("index.db"));
        spool.restart();
        assertThat(is(id, UnitState.EXPIRED)).isTrue();
        assertThat(spool.counts().expired()).isEqualTo(1);
    }

    @Test
    void messageInHand_isLeftForTheNextLook_whateverIsBehindIt() {
        CountDownLatch gate = new CountDownLatch(1);
        spool.primary.on("MAIL", 0, Answer.await(gate).then(Answer.reply("451 4.3.0 not now")));
        QueueId inHand = spool.send("user@example.org");
        await().until(() -> spool.primary.commands().stream().anyMatch(c -> c.startsWith("MAIL")));
        spool.operations().freeze(TimedSpool.ORG, TimedSpool.ANN);
        QueueId behind = spool.send("user@example.org");
        spool.clock.advance(TimedSpool.RETENTION.plusMinutes(1));
        await().until(() -> is(behind, UnitState.EXPIRED));
        assertThat(is(inHand, UnitState.QUEUED)).isTrue();
        gate.countDown();
        await().until(() -> is(inHand, UnitState.EXPIRED));
        assertThat(spool.unit(inHand).lastReply().orElse("")).contains("; before: ");

        release();
        awaitLook();
        assertThat(is(inHand, UnitState.QUEUED)).isTrue();
        assertThat(is(behind, UnitState.QUEUED)).isTrue();
    }

    @Test
    void onlyQueuedUnits_expire() {
        spool.operations().freeze(TimedSpool.ORG, TimedSpool.ANN);
        QueueId id = spool.send("a@example.org", "b@example.org");
        spool.operations()
                .order(
                        QueueAction.HOLD,
                        QueueSelection.of(new QueueFilter(
                                QueueFilter.ALL.domain(),
                                QueueFilter.OPEN,
                                QueueFilter.ALL.sender(),
                                Optional.of("a@example.org"),
                                QueueFilter.ALL.arrivedBefore(),
                                QueueFilter.ALL.reply())),
                        TimedSpool.ANN);
        spool.clock.advance(TimedSpool.RETENTION.plusMinutes(1));
        await().until(() -> spool.counts().expired() == 1);
        assertThat(spool.find(id).orElseThrow().units())
                .extracting(Unit::state)
                .containsExactly(UnitState.HELD, UnitState.EXPIRED);
    }

    @Test
    void manyPages_expire_eachOnce() {
        spool.operations().freeze(TimedSpool.ORG, TimedSpool.ANN);
        for (int i = 0; i < 450; i++) {
            spool.send("user" + i + "@example.org");
        }
        spool.clock.advance(TimedSpool.RETENTION.plusMinutes(1));
        await().atMost(Duration.ofSeconds(20)).until(() -> spool.counts().expired() == 450);
        release();
        assertThat(spool.counts().queued()).isEqualTo(450);
        await().during(Duration.ofMillis(300))
                .atMost(MOMENT)
                .until(() -> spool.counts().queued() == 450);
    }

    @Test
    void markThatCannotBeRead_stopsTheStart() throws IOException {
        expired();
        spool.stop();
        Path mark = spool.directory().resolve("retention");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(mark)))
                .isEqualTo("rw-------");
        Files.writeString(mark, "yesterday\n");
        assertThatThrownBy(spool::restart)
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining(mark.toString())
                .hasMessageContaining("yesterday")
                .hasMessageContaining("delete it");
        Files.delete(mark);
        spool.restart();
    }

    @Test
    void retention_hasLimits() {
        assertThatThrownBy(() -> RetentionSettings.of(Duration.ofMinutes(59)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RetentionSettings.of(Duration.ofDays(32)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(RetentionSettings.standard().limit()).isEqualTo(Duration.ofDays(14));
    }
}
