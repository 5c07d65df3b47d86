package org.understudy.alerts.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.alerts.AlertKey;
import org.understudy.alerts.AlertPolicy;
import org.understudy.alerts.DeliveryAttempt;
import org.understudy.alerts.DeliveryAttempt.Outcome;
import org.understudy.alerts.NotificationChannel;
import org.understudy.alerts.Severity;
import org.understudy.alerts.Signal;
import org.understudy.alerts.SourceReport;
import org.understudy.alerts.engine.AlertRecorder;
import org.understudy.alerts.engine.ChannelSource;
import org.understudy.alerts.storage.ChannelRow;
import org.understudy.alerts.storage.Tables;

/**
 * Keeps the health of the channels, and has the others say when one fails: at once if it refused something for good,
 * else when it has not taken anything for five minutes. It is an alert like any other, told once, and resolved by the next
 * success. Thread-safe.
 */
public final class ChannelHealth {
    /** A shorter trouble of a channel is its own affair. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String CHECK = "alert-channel-failing";

    private final AlertRecorder recorder;

    public ChannelHealth(AlertRecorder recorder) {
        this.recorder = recorder;
    }

    /** Whether people can rely on it. */
    public static boolean healthy(ChannelRow row, Instant now) {
        return !row.broken() && !overdue(row, now);
    }

    private static boolean overdue(ChannelRow row, Instant now) {
        return row.failingSince()
                .filter(since -> !now.isBefore(since.plus(PATIENCE)))
                .isPresent();
    }

    /** Takes note of a try, within the caller's transaction. */
    public void record(
            Tables tables,
            NotificationChannel channel,
            DeliveryAttempt attempt,
            Optional<Instant> notBefore,
            Instant now) {
        String source = ChannelSource.of(channel.name());
        if (attempt.outcome() == Outcome.OK) {
            tables.channels().succeeded(channel.name(), now);
            recorder.report(tables, new SourceReport(source, now, List.of()), now);
            return;
        }
        boolean refused = attempt.outcome() == Outcome.PERMANENT;
        tables.channels().failed(channel.name(), attempt.detail(), refused, notBefore, now);
        ChannelRow row = tables.channels().get(channel.name());
        if (!healthy(row, now)) {
            recorder.report(tables, new SourceReport(source, now, List.of(signal(channel, row, attempt))), now);
        }
    }

    private static Signal signal(NotificationChannel channel, ChannelRow row, DeliveryAttempt attempt) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("Last error", attempt.detail());
        row.lastSuccess().ifPresent(at -> evidence.put("Last success", at.toString()));
        String how = row.broken()
                ? " refuses notifications and will until somebody changes something: "
                : " has not taken a notification for five minutes or more: ";
        return new Signal(
                new AlertKey("", CHECK, channel.name()),
                Severity.CRITICAL,
                "channel " + channel.name() + " is failing",
                "Channel " + channel.name() + " (" + channel.kind() + ")" + how + attempt.detail(),
                "Nothing. But people who rely on this channel do not hear of alerts.",
                "Check the channel's address, token or login, and what it answers; see to it that there is a second channel.",
                evidence,
                Optional.empty(),
                AlertPolicy.immediate().repeatedAfter(Duration.ZERO));
    }
}
