package org.understudy.alerts.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    /** Draws the largest number there is. */
    private static final RandomGenerator LONGEST = new RandomGenerator() {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    };

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "8, 128", "9, 256", "10, 300", "1000000, 300"})
    void ceiling_doublesUpToFiveMinutes(int failures, long seconds) {
        assertThat(new Backoff(LONGEST).after(failures, Optional.empty())).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "42, 42", "900, 900", "901, 900", "2147483647, 900"})
    void askedTime_isHonouredWithinReason(long asked, long seconds) {
        assertThat(new Backoff(LONGEST).after(5, Optional.of(Duration.ofSeconds(asked))))
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void jitter_spreadsOverTheWholeTime() {
        Backoff backoff = new Backoff(new Random(1));
        assertThat(java.util.stream.IntStream.range(0, 200)
                        .mapToObj(i -> backoff.after(10, Optional.empty()))
                        .toList())
                .allMatch(wait -> wait.compareTo(Backoff.LEAST) >= 0 && wait.compareTo(Backoff.MAXIMUM) <= 0)
                .anyMatch(wait -> wait.toSeconds() < 30)
                .anyMatch(wait -> wait.toSeconds() > 270);
    }
}
