package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.ScriptedServer;
import org.understudy.spool.LaneState;

/** More than one way to the mail of a domain. */
class FurtherHopsTest {
    @TempDir
    Path directory;

    private final ScriptedServer further = ScriptedServer.start();
    private ForwardingWorld world;

    @BeforeEach
    void open() {
        world = ForwardingWorld.withFurtherWay(directory, further.port());
    }

    @AfterEach
    void close() {
        world.close();
        further.close();
    }

    @Test
    void nobodyAtTheFirst_mailGoesTheOtherWay() {
        world.primary.pause();
        world.queue("a");
        world.awaitForwarded(1);
        assertThat(further.messages()).hasSize(1);
        assertThat(world.lane().state()).isEqualTo(LaneState.UP);
    }

    @Test
    void firstIsThere_nobodyBothersTheOther() {
        world.queue("a");
        world.awaitForwarded(1);
        assertThat(further.connections()).isZero();
    }

    @Test
    void whatTheFirstSays_countsForAll() {
        world.primary.answer("GREETING", "554 5.7.1 go away");
        world.queue("a");
        world.awaitState(LaneState.FROZEN);
        assertThat(further.connections()).isZero();
    }

    @Test
    void nobodyAnywhere_isDown() {
        world.primary.pause();
        further.pause();
        world.queue("a");
        world.awaitState(LaneState.DOWN);
        assertThat(world.lane().lastError().orElseThrow()).contains("refused");
    }
}
