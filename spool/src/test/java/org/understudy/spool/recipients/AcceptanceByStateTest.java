package org.understudy.spool.recipients;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Network;
import org.understudy.spool.OpenReason;
import org.understudy.spool.RecipientCounts;
import org.understudy.spool.RecipientRequest;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.WhilePrimaryUp;

/** While the primary is up, mail belongs there. */
class AcceptanceByStateTest {
    private static final String PROBE = "smtp/example.org/mx1";

    @TempDir
    Path directory;

    private @Nullable RecipientWorld open;

    private RecipientWorld world(List<Network> openTo) {
        RecipientWorld world = new RecipientWorld(
                directory,
                RecipientSettings.standard().withWhilePrimaryUp(WhilePrimaryUp.DEFER, openTo),
                AcceptanceByStateTest::isCanary);
        open = world;
        return world.knows("a", "b", "canary");
    }

    private static boolean isCanary(RecipientRequest request) {
        return request.recipient().localPart().equals("canary");
    }

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
        }
    }

    private static RecipientWorld up(RecipientWorld world) {
        world.spool().signOfLife(world.nextHop(), PROBE);
        return world;
    }

    private static long accepted(RecipientWorld world, OpenReason reason) {
        return world.spool().status().recipients().acceptedWhileUp().getOrDefault(reason, 0L);
    }

    @Test
    void firstContact_isSentToThePrimary_andAcceptedWhenItComesAgain() {
        RecipientWorld world = up(world(List.of()));
        assertThat(world.rcpt("a")).startsWith("451 4.3.2").contains("primary");
        world.clock.advance(Duration.ofMinutes(4));
        assertThat(world.rcpt("a")).startsWith("451 4.3.2");
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(world.rcpt("b")).as("another recipient").startsWith("451 4.3.2");
        assertThat(world.rcpt("t@sender.test", "a")).as("another sender").startsWith("451 4.3.2");
        for (int hour = 0; hour < 23; hour++) {
            world.clock.advance(Duration.ofHours(1));
            up(world);
            assertThat(world.rcpt("a")).as("for a day").startsWith("250");
        }
        world.clock.advance(Duration.ofHours(2));
        up(world);
        assertThat(world.rcpt("a")).startsWith("451 4.3.2");
        RecipientCounts counts = world.spool().status().recipients();
        assertThat(counts.deferredWhileUp()).isEqualTo(5);
        assertThat(accepted(world, OpenReason.CAME_AGAIN)).isEqualTo(24);
    }

    @Test
    void canariesAndNullSenders_comeInAlways() {
        RecipientWorld world = up(world(List.of()));
        assertThat(world.rcpt("canary")).startsWith("250");
        assertThat(world.rcpt("", "a")).startsWith("250");
        assertThat(accepted(world, OpenReason.CANARY)).isEqualTo(1);
        assertThat(accepted(world, OpenReason.NULL_SENDER)).isEqualTo(1);
    }

    @Test
    void openNetwork_comesInAlways() {
        RecipientWorld world = up(world(List.of(Network.parse("127.0.0.0/8"))));
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(accepted(world, OpenReason.OPEN_NETWORK)).isEqualTo(1);
    }

    @Test
    void nobodyHasSeenThePrimaryUp_comesIn() {
        RecipientWorld world = world(List.of());
        assertThat(world.rcpt("a")).startsWith("250");
        assertThat(accepted(world, OpenReason.NOT_CERTAIN)).isEqualTo(1);
    }

    @Test
    void oneObserverSeesThePrimaryDown_comesIn_untilThatOneSeesItUp() {
        RecipientWorld world = up(world(List.of()));
        world.spool().signOfTrouble(world.nextHop(), "smtp/example.org/mx1b");
        assertThat(world.rcpt("a")).startsWith("250");
        world.spool().signOfLife(world.nextHop(), "smtp/example.org/mx1b");
        assertThat(world.rcpt("b")).startsWith("451 4.3.2");
    }

    @Test
    void whatWasSeenLongAgo_countsNoMore() {
        RecipientWorld world = up(world(List.of()));
        world.clock.advance(Duration.ofMinutes(16));
        assertThat(world.rcpt("a")).startsWith("250");
    }

    @Test
    void outageAndRecovery_everybodyComesIn() {
        RecipientWorld world = up(world(List.of()));
        world.primary.pause();
        assertThat(world.rcpt("a")).startsWith("451 4.3.2");
        world.clock.advance(Duration.ofMinutes(6));
        world.send("a");
        org.awaitility.Awaitility.await().until(() -> world.lane().state() == org.understudy.spool.LaneState.DOWN);
        assertThat(world.rcpt("b")).startsWith("250");
        world.primary.resume();
        org.awaitility.Awaitility.await()
                .until(() -> world.lane().state() == org.understudy.spool.LaneState.RECOVERING);
        up(world);
        assertThat(world.rcpt("c@x.test", "b")).startsWith("250");
    }

    @Test
    void deferring_isExplained() {
        RecipientWorld world = up(world(List.of()));
        assertThat(world.spool().explain(RecipientWorld.path("a")).reason()).contains("whilePrimaryUp: defer");
    }
}
