package org.understudy.alerts.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.Severity;
import org.understudy.alerts.TestSignals;

class MessageComposerTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT59.9S, 59s",
        "PT12M30S, 12m",
        "PT3H, 3h",
        "PT3H5M, 3h 5m",
        "PT48H, 2d",
        "PT52H59M, 2d 4h",
        "PT-5S, 0s"
    })
    void duration_isBrief(Duration span, String text) {
        assertThat(Spans.brief(span)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "FIRST, [CRITICAL] example.org: primary MX unreachable",
        "ESCALATED, [CRITICAL] example.org: primary MX unreachable",
        "REPEAT, [CRITICAL] example.org: primary MX unreachable (for 12m)",
        "RESOLVED, [RESOLVED] example.org: primary MX unreachable (lasted 12m)",
        "TEST, [TEST] example.org: primary MX unreachable"
    })
    void headline_saysItAll(NotifyReason reason, String headline) {
        assertThat(compose(reason, 1).headline()).isEqualTo(headline);
    }

    private static Message compose(NotifyReason reason, int sequence) {
        return MessageComposer.compose(TestSignals.notification(reason, sequence, Severity.CRITICAL));
    }

    @Test
    void resolved_repeatsWhatItWas() {
        Message message = compose(NotifyReason.RESOLVED, 1);

        assertThat(message.lead())
                .isEqualTo("It lasted 12m, from 2026-11-24 13:00:00 UTC to 2026-11-24 13:12:00 UTC."
                        + " It was: mx1.example.org (tier 1, pref 10) does not answer on port 25.");
        assertThat(message.instruction()).isEmpty();
        assertThat(compose(NotifyReason.RESOLVED, 0).lead()).contains("could not be told");
    }
}
