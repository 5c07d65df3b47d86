package org.understudy.alerts.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.understudy.alerts.Alert;
import org.understudy.alerts.NotificationChannel;
import org.understudy.alerts.NotifyReason;
import org.understudy.alerts.SentNotification.Status;
import org.understudy.alerts.storage.OutboxRow;
import org.understudy.alerts.storage.OutboxTable;
import org.understudy.alerts.storage.Tables;

/**
 * Puts what people are to be told into the outbox, once per channel. Thread-safe.
 *
 * <p>What waits is superseded by what is newer. A resolve goes to every channel that may have been told of the incident,
 * configured or not. A channel that certainly was not told, because it could not be reached all the while, is spared
 * both trigger and resolve if the alert fired for less than five minutes; if it fired longer, or the channel refused the
 * trigger, it gets one brief message that says both.
 */
public final class Outbox {
    /** Up to this time, an alert that nobody heard of is not worth a message. */
    static final Duration NEGLIGIBLE = Duration.ofMinutes(5);

    private final List<NotificationChannel> channels;

    public Outbox(List<NotificationChannel> channels) {
        this.channels = List.copyOf(channels);
    }

    void tell(Tables tables, Alert alert, NotifyReason reason, Instant now) {
        List<OutboxRow> sent = tables.outbox().ofIncident(alert.incident());
        if (reason == NotifyReason.RESOLVED) {
            Set<String> names = new LinkedHashSet<>();
            sent.forEach(row -> names.add(row.channel()));
            for (String name : names) {
                resolve(tables.outbox(), name, of(name, sent), alert, now);
            }
            return;
        }
        for (NotificationChannel channel : channels) {
            if (wants(channel, alert)) {
                trigger(tables.outbox(), channel.name(), of(channel.name(), sent), alert, reason, now);
            }
        }
    }

    private static boolean wants(NotificationChannel channel, Alert alert) {
        // A failing channel cannot say that it fails.
        return !alert.source().equals(ChannelSource.of(channel.name()))
                && alert.severity().compareTo(channel.minimumSeverity()) >= 0;
    }

    private static List<OutboxRow> of(String channel, List<OutboxRow> rows) {
        return rows.stream().filter(row -> row.channel().equals(channel)).toList();
    }

    private static void trigger(
            OutboxTable outbox, String channel, List<OutboxRow> sent, Alert alert, NotifyReason reason, Instant now) {
        boolean waiting =
                sent.stream().anyMatch(row -> row.status() == Status.PENDING || row.status() == Status.SENDING);
        if (reason == NotifyReason.REPEAT && waiting) {
            return;
        }
        supersede(outbox, sent, "replaced by a newer notification", now);
        int sequence = nextSequence(sent);
        outbox.add(channel, sequence == 0 ? NotifyReason.FIRST : reason, sequence, alert, now);
    }

    private static void resolve(OutboxTable outbox, String channel, List<OutboxRow> sent, Alert alert, Instant now) {
        supersede(outbox, sent, "resolved before it could be sent", now);
        int sequence = nextSequence(sent);
        boolean told = sequence > 0;
        boolean refused = sent.stream().anyMatch(row -> row.status() == Status.FAILED);
        Duration fired = Duration.between(alert.firedAt().orElse(alert.since()), now);
        if (told || refused || fired.compareTo(NEGLIGIBLE) > 0) {
            outbox.add(channel, NotifyReason.RESOLVED, sequence, alert, now);
        }
    }

    private static void supersede(OutboxTable outbox, List<OutboxRow> sent, String why, Instant now) {
        for (OutboxRow row : sent) {
            if (row.status() == Status.PENDING) {
                outbox.finish(row.id(), Status.SUPERSEDED, why, now);
            }
        }
    }

    /** One more than the highest that may have been read; 0 if none may. */
    private static int nextSequence(List<OutboxRow> sent) {
        return sent.stream()
                .filter(OutboxRow::told)
                .mapToInt(row -> row.sequence() + 1)
                .max()
                .orElse(0);
    }
}
