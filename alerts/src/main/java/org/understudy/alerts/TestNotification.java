package org.understudy.alerts;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The notification that only shows that a channel works. */
final class TestNotification {

    private TestNotification() {}

    static Notification of(NotificationChannel channel, String agent, Instant now) {
        Signal signal = new Signal(
                new AlertKey("", "channel-test", channel.name()),
                Severity.INFO,
                "this is a test",
                "Somebody asked the agent to send a test through channel " + channel.name() + ". Nothing is wrong.",
                "",
                "",
                Map.of("Channel", channel.name() + " (" + channel.kind() + ")"),
                Optional.empty(),
                AlertPolicy.immediate());
        Alert alert = new Alert(
                "test-" + signal.key().fingerprint() + "-" + now.toEpochMilli(),
                "channel-test",
                AlertState.FIRING,
                Severity.INFO,
                now,
                Optional.of(now),
                Optional.empty(),
                now,
                1,
                0,
                Optional.of(now),
                Severity.INFO,
                signal,
                "");
        return new Notification(NotifyReason.TEST, 0, alert, agent, now);
    }
}
