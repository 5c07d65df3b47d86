package org.understudy.spool.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.smtp.Answer;
import org.understudy.spool.QueueId;

/** One message that breaks every session stops no other. */
class SessionBreakersTest {
    private static final QueueId ONE = new QueueId("AAAAAA");
    private static final QueueId OTHER = new QueueId("BBBBBB");

    @Test
    void breaksWhileNothingComesThrough_areTheWays() {
        SessionBreakers breakers = new SessionBreakers();
        for (int i = 0; i < 10; i++) {
            assertThat(breakers.broke(ONE, 7)).isFalse();
        }
    }

    @Test
    void breaksWithOthersBetween_areTheMessages_untilItComesThrough() {
        SessionBreakers breakers = new SessionBreakers();
        assertThat(breakers.broke(ONE, 1)).isFalse();
        assertThat(breakers.broke(ONE, 2)).isFalse();
        assertThat(breakers.broke(ONE, 3)).isTrue();
        assertThat(breakers.broke(OTHER, 4)).isFalse();
        breakers.cameThrough(ONE);
        assertThat(breakers.broke(ONE, 5)).isFalse();
    }

    @Test
    void messageThatBreaksEverySession_isTriedOn_withoutTakingTheLaneDown(@TempDir Path directory) {
        try (ForwardingWorld world = ForwardingWorld.oneByOne(directory)) {
            world.warmUp();
            world.primary.script("DOT", n -> hasPoison(world) ? Optional.of(Answer.reset()) : Optional.empty());
            QueueId poison = world.queueFrom("poison", "a");
            AtomicInteger others = new AtomicInteger();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                world.queue("b" + others.incrementAndGet());
                world.awaitForwarded(1 + others.get());
                return world.lane().lastError().orElse("").contains("breaks every session");
            });
            assertThat(world.lane().state().takesMail()).isTrue();
            assertThat(world.store.find(poison)).isPresent();
        }
    }

    private static boolean hasPoison(ForwardingWorld world) {
        List<String> senders = world.primary.commands().stream()
                .filter(command -> command.startsWith("MAIL"))
                .toList();
        return senders.get(senders.size() - 1).contains("poison");
    }
}
