package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.ScriptedServer.Message;
import org.understudy.spool.LaneState;

/** Messages are handed on while the outcomes of earlier ones are written: never twice, and never many of them. */
class OutcomesTest {
    @TempDir
    Path directory;

    private GatedStore store;
    private ForwardingWorld world;

    @BeforeEach
    void open() {
        world = ForwardingWorld.fast(directory, GatedStore::new);
        store = (GatedStore) world.store;
        world.warmUp();
    }

    @AfterEach
    void close() {
        store.open();
        world.close();
    }

    private List<String> arrived() {
        return world.primary.messages().stream().map(Message::text).toList();
    }

    private void queue(int messages) {
        for (int i = 0; i < messages; i++) {
            world.queue("a" + i);
        }
    }

    @Test
    void nextMessage_doesNotWaitForTheLastOutcome_andNoneGoesTwice() {
        store.shut();
        queue(10);
        await().until(() -> arrived().size() == 10);
        assertThat(world.counts().forwarded()).isEqualTo(1);
        // They look due all the while, to a lane that is made to look again.
        for (int i = 10; i < 15; i++) {
            int expected = i + 1;
            world.queue("a" + i);
            await().until(() -> arrived().size() == expected);
        }
        store.open();
        world.awaitForwarded(16);
        assertThat(arrived()).hasSize(15).doesNotHaveDuplicates();
    }

    @Test
    void outcomesOnTheirWay_areFew() {
        store.shut();
        queue(150);
        await().until(() -> store.waiting() == 32);
        // Both workers have handed on one more, and wait for room.
        await().until(() -> arrived().size() == 34);
        await().during(Duration.ofMillis(300)).until(() -> arrived().size() == 34);
        store.open();
        world.awaitForwarded(151);
        assertThat(arrived()).hasSize(150).doesNotHaveDuplicates();
    }

    @Test
    void outcomeNotRecorded_stopsTheLane_untilItIs_andNothingGoesTwice() {
        store.fail(3);
        queue(1);
        world.awaitState(LaneState.DOWN);
        assertThat(world.lane().lastError().orElseThrow()).contains("our own store", "The disk is gone.");
        world.queue("b");
        world.awaitForwarded(3);
        assertThat(world.lane().state().takesMail()).isTrue();
        assertThat(arrived()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void drain_waitsForOutcomes() {
        store.shut();
        queue(1);
        await().until(() -> store.waiting() == 1);
        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(world::drain);
        await().during(Duration.ofMillis(200)).until(() -> !drained.isDone());
        store.open();
        assertThat(drained.join()).isTrue();
        assertThat(world.counts().forwarded()).isEqualTo(2);
    }
}
