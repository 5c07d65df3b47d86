package org.understudy.alerts.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.alerts.AlertsException;
import org.understudy.alerts.DeliveryAttempt;
import org.understudy.alerts.DeliveryAttempt.Outcome;
import org.understudy.alerts.Notification;
import org.understudy.alerts.NotificationChannel;
import org.understudy.alerts.SentNotification.Status;
import org.understudy.alerts.storage.AlertsDatabase;
import org.understudy.alerts.storage.OutboxRow;

/**
 * Delivers what waits for one channel, oldest first; nothing overtakes a notification that has to be tried again. A
 * notification is marked before each try, so that it is known to have perhaps arrived if the process dies, and is marked
 * delivered only after the channel took it.
 *
 * <p>{@link #run} belongs to one thread; {@link #wake} and {@link #stop} may be called by any.
 */
final class ChannelWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ChannelWorker.class);

    /** A notification that failed to arrive for so long is given up. */
    static final Duration GIVE_UP = Duration.ofHours(24);

    /** The wall clock may jump while the channel is left alone: look again at least this often. */
    private static final Duration LONGEST_NAP = Duration.ofMillis(250);

    /** Somebody wakes the worker when there is work; this is for the case that it was forgotten. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private static final Duration DATABASE_PAUSE = Duration.ofSeconds(5);

    private final AlertsDatabase database;
    private final NotificationChannel channel;
    private final ChannelHealth health;
    private final Backoff backoff;
    private final String agent;
    private final Clock clock;
    private final Runnable wakeOthers;
    private final Semaphore wake = new Semaphore(0);

    private volatile boolean stopped;
    private volatile boolean impatient;
    private int failures;
    private Instant notBefore = Instant.MIN;

    ChannelWorker(
            AlertsDatabase database,
            NotificationChannel channel,
            ChannelHealth health,
            Backoff backoff,
            String agent,
            Clock clock,
            Runnable wakeOthers) {
        this.database = database;
        this.channel = channel;
        this.health = health;
        this.backoff = backoff;
        this.agent = agent;
        this.clock = clock;
        this.wakeOthers = wakeOthers;
    }

    boolean serves(NotificationChannel candidate) {
        return channel.name().equals(candidate.name());
    }

    void wake() {
        wake.release();
    }

    /** Tries again at once, whatever it was told to wait. */
    void retryNow() {
        impatient = true;
        wake();
    }

    void stop() {
        stopped = true;
        wake();
    }

    @Override
    public void run() {
        boolean known = false;
        while (!stopped) {
            try {
                if (!known) {
                    notBefore = database.read(tables -> tables.channels().get(channel.name()))
                            .notBefore()
                            .orElse(Instant.MIN);
                    known = true;
                }
                nap(step());
            } catch (AlertsException e) {
                LOG.error("Channel {}: notifications wait, since the outbox cannot be used", channel.name(), e);
                nap(DATABASE_PAUSE);
            }
        }
    }

    /** Makes one try if there is something to do, and says how long there will be nothing. */
    private Duration step() {
        Instant now = clock.instant();
        // No wait is that long: the clock was set back.
        boolean absurd = notBefore.isAfter(now.plus(Backoff.MOST_ASKED));
        if (impatient || absurd) {
            impatient = false;
            notBefore = Instant.MIN;
        }
        if (now.isBefore(notBefore)) {
            Duration left = Duration.between(now, notBefore);
            return left.compareTo(LONGEST_NAP) > 0 ? LONGEST_NAP : left;
        }
        if (database.read(tables -> tables.outbox().waiting(channel.name())) == 0) {
            return IDLE;
        }
        Optional<OutboxRow> claimed = database.write(tables -> {
            Optional<OutboxRow> head = tables.outbox().head(channel.name());
            head.ifPresent(row -> tables.outbox().sending(row.id()));
            return head;
        });
        if (claimed.isEmpty()) {
            return IDLE;
        }
        OutboxRow row = claimed.get();
        settle(row, attempt(row));
        return Duration.ZERO;
    }

    private DeliveryAttempt attempt(OutboxRow row) {
        try {
            return channel.send(new Notification(row.reason(), row.sequence(), row.alert(), agent, row.createdAt()));
        } catch (RuntimeException e) {
            // Its message may hold anything, even a secret.
            LOG.error("Channel {} threw {}", channel.name(), e.getClass().getName());
            return DeliveryAttempt.uncertain("Unexpected error (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** Records the outcome, however long the database needs: what was delivered must not be sent again. */
    private void settle(OutboxRow row, DeliveryAttempt attempt) {
        Instant now = clock.instant();
        failures = attempt.outcome() == Outcome.RETRY ? failures + 1 : 0;
        Duration wait =
                attempt.outcome() == Outcome.RETRY ? backoff.after(failures, attempt.retryAfter()) : channel.pace();
        notBefore = now.plus(wait);
        report(row, attempt, wait);
        boolean recorded = false;
        while (!recorded) {
            try {
                record(row, attempt, now);
                recorded = true;
            } catch (AlertsException e) {
                LOG.error("Channel {}: the outcome of a notification cannot be recorded", channel.name(), e);
                if (stopped) {
                    return;
                }
                nap(DATABASE_PAUSE);
            }
        }
        // The health of this channel may be news for the others.
        wakeOthers.run();
    }

    private void record(OutboxRow row, DeliveryAttempt attempt, Instant now) {
        boolean tooOld = !now.isBefore(row.createdAt().plus(GIVE_UP));
        database.change(tables -> {
            switch (attempt.outcome()) {
                case OK -> tables.outbox().finish(row.id(), Status.DELIVERED, attempt.detail(), now);
                case PERMANENT -> tables.outbox().finish(row.id(), Status.FAILED, attempt.detail(), now);
                case RETRY -> {
                    tables.outbox().postpone(row.id(), attempt.uncertain(), attempt.detail());
                    if (tooOld) {
                        tables.outbox()
                                .finish(
                                        row.id(),
                                        Status.FAILED,
                                        "Given up after " + GIVE_UP.toHours() + " h: " + attempt.detail(),
                                        now);
                    }
                }
            }
            if (stopped && attempt.outcome() == Outcome.RETRY) {
                // Broken off by us, which says nothing about the channel.
                return;
            }
            Optional<Instant> pause = attempt.outcome() == Outcome.RETRY ? Optional.of(notBefore) : Optional.empty();
            health.record(tables, channel, attempt, pause, now);
        });
    }

    private void report(OutboxRow row, DeliveryAttempt attempt, Duration wait) {
        String incident = row.alert().incident();
        switch (attempt.outcome()) {
            case OK -> LOG.info("Channel {} took {} of {}", channel.name(), row.reason(), incident);
            case RETRY ->
                LOG.warn(
                        "Channel {} did not take {} of {}, next try in {}: {}",
                        channel.name(),
                        row.reason(),
                        incident,
                        wait,
                        attempt.detail());
            case PERMANENT ->
                LOG.error(
                        "Channel {} refused {} of {} for good: {}",
                        channel.name(),
                        row.reason(),
                        incident,
                        attempt.detail());
        }
    }

    private void nap(Duration length) {
        if (stopped || length.isZero()) {
            return;
        }
        try {
            if (wake.tryAcquire(length.toMillis(), TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            // Only close() interrupts, after it has said stop.
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }
}
