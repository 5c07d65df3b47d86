package org.understudy.agent.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.understudy.probes.QueueDetails.Room;
import org.understudy.probes.QueueSnapshot;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.Mailbox;

/** What the probe reads of a spool whose primary is down. */
class SpoolQueueSourceTest {
    private static final Duration LATER = Duration.ofMinutes(7);

    private static QueueSnapshot read(HoldingSpool holding, Clock clock) {
        return new SpoolQueueSource(holding.spool(), HoldingSpool.ORG, () -> 4711, clock)
                .read(Deadline.after(Duration.ofSeconds(5)));
    }

    @Test
    void mailThatWaits_isCounted_andDueSinceItCame(@TempDir Path directory) {
        try (HoldingSpool holding = new HoldingSpool(directory)) {
            Clock clock = Clock.systemUTC();
            assertThat(read(holding, clock).details().overdue()).contains(Duration.ZERO);
            holding.send(new Mailbox("s", "sender.test"), "Subject: first\r\n\r\nx\r\n");
            await("the primary is known to be down")
                    .until(() -> !read(holding, clock).nextHopUp());
            QueueSnapshot queue = read(holding, Clock.offset(clock, LATER));
            assertThat(queue.queued()).isEqualTo(1);
            assertThat(queue.details().overdue())
                    .get()
                    .satisfies(overdue -> assertThat(overdue).isBetween(LATER, LATER.plusMinutes(1)));
            assertThat(queue.details().nextAttempt()).isEqualTo(Optional.empty());
            assertThat(queue.details().room()).map(Room::left).contains(4711L);
        }
    }
}
