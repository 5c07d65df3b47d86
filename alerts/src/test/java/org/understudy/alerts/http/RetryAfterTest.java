package org.understudy.alerts.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.understudy.alerts.TestClock;

class RetryAfterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                " 120 | 120",
                "99999999999999999999 | 2147483647",
                "Tue, 24 Nov 2026 13:05:00 GMT | 300",
                "Tue, 24 Nov 2026 12:00:00 GMT | 0"
            })
    void value_thatIsUnderstood_isADuration(String value, long seconds) {
        assertThat(RetryAfter.parse(value, TestClock.START)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "later", "٣"})
    void value_thatIsNot_isEmpty(String value) {
        assertThat(RetryAfter.parse(value, TestClock.START)).isEqualTo(Optional.empty());
    }

    @Test
    void unforeseenStatus_isRetried() {
        assertThat(HttpClassification.failure(102, Optional.empty(), "").outcome())
                .hasToString("RETRY");
    }
}
