package org.understudy.spool.retention;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.MessageStore;
import org.understudy.spool.NoticePolicy;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.RetentionSettings;
import org.understudy.spool.SpoolException;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;
import org.understudy.spool.dsn.Notices;
import org.understudy.spool.forwarding.Forwarder;

/**
 * Lets mail expire that is older than the retention: it is kept, tried no more, and waits for an operator. What an operator
 * releases does not expire again. Thread-safe.
 */
public final class Retention implements AutoCloseable {
    /** Up to which message mail has expired, in the spool's directory. */
    static final String EXPIRED = "retention";
    /** Up to which message senders have been told that it waits. */
    static final String DELAYED = "retention.delays";

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int STOP_SECONDS = 10;
    private static final Duration DELAY = Duration.ofHours(4);

    private final RetentionSettings settings;
    private final MessageStore store;
    private final Notices notices;
    private final List<Runnable> looks = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "spool-retention");
        made.setDaemon(true);
        return made;
    });

    /**
     * Does nothing before {@link #start}.
     *
     * @throws SpoolException if what an earlier process left cannot be understood
     */
    public Retention(
            RetentionSettings settings,
            Path directory,
            MessageStore store,
            Forwarder forwarder,
            Notices notices,
            Clock clock) {
        this.settings = settings;
        this.store = store;
        this.notices = notices;
        looks.add(new OldNotices(store, forwarder, clock)::run);
        if (notices.tells(NoticePolicy.ALL)) {
            looks.add(new AgeSweep(store, forwarder, clock, directory.resolve(DELAYED), DELAY, this::delay)::run);
        }
        looks.add(
                new AgeSweep(store, forwarder, clock, directory.resolve(EXPIRED), settings.limit(), this::expire)::run);
    }

    /** Looks at once, and then again and again. */
    public void start() {
        ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(
                () -> looks.forEach(Retention::run), 0, settings.sweep().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void run(Runnable look) {
        try {
            look.run();
        } catch (SpoolException e) {
            LOG.error("old mail cannot be looked for: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("unforeseen while old mail was looked for", e);
        }
    }

    private static List<Unit> queued(QueuedMessage message) {
        return message.units().stream()
                .filter(unit -> unit.state() == UnitState.QUEUED)
                .toList();
    }

    private CompletableFuture<Void> delay(QueuedMessage message) {
        if (!message.origin().isNotice()) {
            Instant triedUntil = message.origin().arrival().plus(settings.limit());
            notices.delayed(message, queued(message), triedUntil);
        }
        return CompletableFuture.completedFuture(null);
    }

    private CompletableFuture<Void> expire(QueuedMessage message) {
        if (message.origin().isNotice()) {
            return CompletableFuture.completedFuture(null);
        }
        String words = "not handed on within " + settings.limit().toHours() + " h";
        List<Unit> expired = queued(message).stream()
                .map(unit -> unit.with(UnitState.EXPIRED, unit.wordsAfter(words)))
                .toList();
        Optional<String> notice = notices.expired(message, expired).notice().map(id -> words + "; notice " + id);
        LOG.warn(
                "{}: expired nrcpt={}: it came at {} and {}",
                message.id(),
                expired.size(),
                message.origin().arrival(),
                notice.isPresent() ? "is returned" : "is kept until an operator decides");
        return store.recordLater(
                message.id(),
                expired.stream()
                        .map(unit -> UnitChange.withoutAttempt(
                                unit.number(),
                                notice.isPresent() ? UnitState.RETURNED : UnitState.EXPIRED,
                                Instant.EPOCH,
                                notice.orElse(unit.lastReply().orElse(words))))
                        .toList());
    }

    /** Lets a look that has begun come to its end. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
