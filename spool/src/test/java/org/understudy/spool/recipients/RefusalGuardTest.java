package org.understudy.spool.recipients;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RefusalGuardTest {
    private final RefusalGuard guard = new RefusalGuard();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    /** So many answers, one a second, of which every n-th is a refusal of somebody who was never known. */
    private void answers(int count, int refusedEvery) {
        for (int i = 0; i < count; i++) {
            now = now.plusSeconds(1);
            if (i % refusedEvery == 0) {
                guard.refused(now, "nobody" + now, false);
            } else {
                guard.taken(now, "somebody" + i);
            }
        }
    }

    @Test
    void severalKnownOnesRefused_isSuspicious_forAnHour() {
        guard.refused(now, "a", true);
        guard.refused(now, "b", true);
        guard.refused(now, "b", true);
        assertThat(guard.isSuspicious(now)).isFalse();
        guard.refused(now, "c", true);
        assertThat(guard.isSuspicious(now)).isTrue();
        assertThat(guard.isSuspicious(now.plus(Duration.ofMinutes(59)))).isTrue();
        assertThat(guard.isSuspicious(now.plus(Duration.ofMinutes(61)))).isFalse();
    }

    @Test
    void manyUnknownOnesRefused_whereThatIsUsual_isNot() {
        answers(3000, 2);
        answers(600, 1);
        assertThat(guard.isSuspicious(now)).isFalse();
    }

    @Test
    void fiveTimesAsManyAsUsual_isSuspicious() {
        answers(3000, 20);
        assertThat(guard.isSuspicious(now)).isFalse();
        answers(600, 2);
        assertThat(guard.isSuspicious(now)).isTrue();
    }

    @Test
    void withoutAPast_nothingIsUnusual() {
        answers(500, 1);
        assertThat(guard.isSuspicious(now)).isFalse();
    }

    @Test
    void whatLastsADay_isUsual() {
        answers(3000, 20);
        answers(600, 2);
        assertThat(guard.isSuspicious(now)).isTrue();
        answers(100_000, 2);
        assertThat(guard.isSuspicious(now)).isFalse();
    }

    @Test
    void refusalsBeforeAndAfterTheTrouble_areBelieved_thoseOfIt_areNot() {
        Instant longBefore = now.minus(Duration.ofHours(2));
        Instant shortlyBefore = now.minus(Duration.ofMinutes(10));
        for (String known : new String[] {"a", "b", "c"}) {
            guard.refused(now, known, true);
        }
        Instant after = now.plus(Duration.ofHours(2));
        assertThat(guard.believes(longBefore, now)).isTrue();
        assertThat(guard.believes(shortlyBefore, now)).isFalse();
        assertThat(guard.believes(now, after)).isFalse();
        assertThat(guard.believes(after.plusSeconds(1), after.plusSeconds(2))).isTrue();
    }
}
