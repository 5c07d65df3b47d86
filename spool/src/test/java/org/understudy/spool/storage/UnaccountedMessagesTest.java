package org.understudy.spool.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.understudy.spool.QueueId;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** The compact table forgets exactly what outcomes account for. */
class UnaccountedMessagesTest {
    private final UnaccountedMessages messages = new UnaccountedMessages();

    private static Outcome forwarded(long id, Integer... units) {
        List<UnitChange> changes = new ArrayList<>();
        for (int unit : units) {
            changes.add(new UnitChange(unit, UnitState.FORWARDED, Instant.EPOCH, "250 ok", ""));
        }
        return Outcome.settled(QueueIds.id(id), changes);
    }

    private Map<Long, Long> left() {
        Map<Long, Long> left = new HashMap<>();
        messages.removeIf((id, segment) -> {
            left.put(id, segment);
            return false;
        });
        return left;
    }

    @Test
    void severalUnits_areAllNeeded_alsoAcrossALaterCopy() {
        messages.seen(7, 3, 1);
        messages.learn(forwarded(7, 0));
        messages.learn(forwarded(7, 0));
        messages.seen(7, 3, 4);
        messages.learn(forwarded(7, 2));
        assertThat(left()).containsExactly(Map.entry(7L, 4L));
        messages.learn(forwarded(7, 1));
        assertThat(messages.isEmpty()).isTrue();
    }

    @Test
    void setAside_isNotSettled_givenUpIs() {
        messages.seen(7, 1, 1);
        QueueId id = QueueIds.id(7);
        messages.learn(
                Outcome.settled(id, List.of(new UnitChange(0, UnitState.QUARANTINED, Instant.EPOCH, "550 no", ""))));
        assertThat(messages.isEmpty()).isFalse();
        messages.learn(Outcome.abandoned(id, 1, 2));
        assertThat(messages.isEmpty()).isTrue();
    }

    @Test
    void manyRecipients() {
        for (int units : new int[] {63, 64, 65, 1000}) {
            messages.seen(units, units, 1);
            messages.learn(forwarded(units, IntStream.range(1, units).boxed().toArray(Integer[]::new)));
            assertThat(left()).containsOnlyKeys((long) units);
            messages.learn(forwarded(units, 0));
            assertThat(messages.isEmpty()).isTrue();
        }
    }

    @Test
    void aHundredThousandInAnyOrder() {
        Random random = new Random(3);
        Set<Long> expected = new HashSet<>();
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            // Ids of ours lie close together, and multiples of 4096 apart.
            long id = 1_000_000_000_000L + (random.nextBoolean() ? i : i * 4096L);
            seen.add(id);
            expected.add(id);
            messages.seen(id, 1, i);
            if (i % 3 > 0) {
                long settled = seen.get(random.nextInt(seen.size()));
                expected.remove(settled);
                messages.learn(forwarded(settled, 0));
            }
        }
        assertThat(left().keySet()).isEqualTo(expected);
        messages.removeIf((id, segment) -> expected.remove(id));
        assertThat(messages.isEmpty()).isTrue();
        assertThat(expected).isEmpty();
    }
}
