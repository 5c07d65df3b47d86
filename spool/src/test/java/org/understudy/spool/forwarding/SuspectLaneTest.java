package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Answer;
import org.understudy.spool.LaneState;
import org.understudy.spool.QueueId;

/** One accident is no outage, and an outage is no accident. */
class SuspectLaneTest {
    @TempDir
    Path directory;

    private ForwardingWorld world;

    @BeforeEach
    void open() {
        world = ForwardingWorld.slow(directory);
        world.warmUp();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void accident() {
        world.primary.on("MAIL", 0, Answer.close());
        world.queue("accident");
    }

    @Test
    void brokenOnce_isUpAMomentLater_asIfNothingHadBeen() {
        accident();
        world.awaitState(LaneState.SUSPECT);
        world.awaitState(LaneState.UP);

        // After an outage this would be doubted, and stop the lane.
        world.primary.answer("RCPT", "550 5.1.1 unknown");
        QueueId refused = world.queue("a");
        await().until(() -> world.fate(refused, 0).equals("CONFIRMATION"));
        assertThat(world.lane().state()).isEqualTo(LaneState.UP);
    }

    @Test
    void noSessionToBeHad_isDown() {
        world.primary.pause();
        world.queue("a");
        world.awaitState(LaneState.SUSPECT);
        world.awaitState(LaneState.DOWN);
        assertThat(world.lane().lastError().orElseThrow()).contains("refused");
    }

    @Test
    void brokenAgainSoonAfter_isDownAtOnce() {
        accident();
        world.awaitState(LaneState.SUSPECT);
        world.awaitState(LaneState.UP);
        world.primary.on("MAIL", Answer.close());
        world.queue("again");
        world.awaitState(LaneState.DOWN);
    }

    @Test
    void upAgainAfterAnOutage_isRecovering() {
        world.primary.pause();
        world.queue("a");
        world.awaitState(LaneState.DOWN);
        world.primary.resume();
        world.signOfLife();
        world.awaitForwarded(2);
        world.awaitState(LaneState.RECOVERING);
    }
}
