package org.understudy.alerts;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.alerts.delivery.ChannelHealth;
import org.understudy.alerts.delivery.Dispatcher;
import org.understudy.alerts.engine.AlertRecorder;
import org.understudy.alerts.engine.ChannelSource;
import org.understudy.alerts.engine.Outbox;
import org.understudy.alerts.message.MessageComposer;
import org.understudy.alerts.storage.AlertsDatabase;
import org.understudy.alerts.storage.ChannelRow;
import org.understudy.alerts.storage.OutboxRow;
import org.understudy.alerts.storage.Tables;

/**
 * Takes reports, keeps alerts, and tells people. Thread-safe.
 *
 * <p>Order of calls: {@link #open}, {@link #start}, then anything, then {@link #close}. Reports are taken before
 * {@code start} too; nothing is delivered until then.
 *
 * <p>Every method may throw {@link AlertsException} if the database cannot be used.
 */
public final class Alerts {
    private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

    private static final Duration SWEEP_INTERVAL = Duration.ofHours(1);

    /** How long a notification waits for a channel that is no longer configured. */
    private static final Duration UNCLAIMED = Duration.ofHours(24);

    private static final String UNCONFIGURED = "No longer checked: it is not in the configuration any more.";

    private final AlertsDatabase database;
    private final AlertsSettings settings;
    private final Map<String, NotificationChannel> channels;
    private final Clock clock;
    private final AlertRecorder recorder;
    private final ChannelHealth health;
    private final Dispatcher dispatcher;
    private final AtomicReference<@Nullable Live> latest = new AtomicReference<>();
    private final AtomicReference<Instant> swept = new AtomicReference<>(Instant.MIN);
    /** Those that have alerts: what others report of good is no news. */
    private final Set<String> troubledSources = ConcurrentHashMap.newKeySet();

    private Alerts(AlertsDatabase database, AlertsSettings settings, List<NotificationChannel> channels, Clock clock) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
        this.channels = new LinkedHashMap<>();
        for (NotificationChannel channel : channels) {
            if (this.channels.put(channel.name(), channel) != null) {
                throw new IllegalArgumentException(
                        "Two notification channels are called " + channel.name() + ": give each its own name.");
            }
        }
        this.recorder = new AlertRecorder(new Outbox(channels));
        this.health = new ChannelHealth(recorder);
        this.dispatcher = new Dispatcher(database, channels, health, settings.agent(), clock);
    }

    /**
     * Opens the store, bringing its tables up to date.
     *
     * @param dataSource SQLite; whoever makes it sets WAL, {@code synchronous=FULL}, a busy timeout, and transaction
     *     mode IMMEDIATE
     * @param channels each name once; what is pending for a channel that is no longer among them waits for it to come
     *     back, at most a day
     */
    public static Alerts open(
            DataSource dataSource, AlertsSettings settings, List<NotificationChannel> channels, Clock clock) {
        Alerts alerts = new Alerts(AlertsDatabase.open(dataSource), settings, channels, clock);
        alerts.recover();
        return alerts;
    }

    private void recover() {
        Set<String> ours = channels.keySet().stream().map(ChannelSource::of).collect(Collectors.toSet());
        database.change(tables -> {
            int interrupted = tables.outbox().recoverInterrupted();
            if (interrupted > 0) {
                LOG.warn("{} notifications were being sent when the agent stopped; they are sent again", interrupted);
            }
            recorder.end(
                    tables,
                    source -> ChannelSource.isOne(source) && !ours.contains(source),
                    UNCONFIGURED,
                    clock.instant());
        });
        active().forEach(alert -> troubledSources.add(alert.source()));
        sweep();
    }

    /** Starts to deliver, first of all what an earlier run left behind. */
    public void start() {
        dispatcher.start();
    }

    /** Takes a report: when this returns, every change of state and every notification that it causes are durable. */
    public void report(SourceReport report) {
        if (ChannelSource.isOne(report.source())) {
            throw new IllegalArgumentException("The source " + report.source() + " is reserved.");
        }
        if (!report.bad().isEmpty() || troubledSources.contains(report.source())) {
            record(report);
            dispatcher.wake();
        }
        sweep();
    }

    private void record(SourceReport report) {
        try {
            database.change(tables -> {
                recorder.report(tables, report, clock.instant());
                if (tables.alerts().liveOf(report.source()).isEmpty()) {
                    troubledSources.remove(report.source());
                } else {
                    troubledSources.add(report.source());
                }
            });
        } catch (AlertsException e) {
            // Whatever is in the database now, the next report is to be compared with it.
            troubledSources.add(report.source());
            throw e;
        }
    }

    /**
     * Ends the alerts of all sources but these, telling people that they are no longer checked. To be called once after
     * the configuration was read, with every source that may report, so that nothing fires for ever that nobody checks.
     */
    public void keepSources(Collection<String> sources) {
        Set<String> kept = new HashSet<>(sources);
        database.change(tables -> recorder.end(
                tables,
                source -> !ChannelSource.isOne(source) && !kept.contains(source),
                UNCONFIGURED,
                clock.instant()));
        dispatcher.wake();
    }

    /** Alerts that are PENDING or FIRING, worst and oldest first. */
    public List<Alert> active() {
        return live().all();
    }

    /** Those of one domain, in the same order. */
    public List<Alert> activeOf(String domain) {
        return live().byDomain().getOrDefault(domain, List.of());
    }

    private Live live() {
        // Asked for before it is read, so that what is written meanwhile makes it old.
        long version = database.version();
        Live known = latest.get();
        if (known != null && known.version() == version) {
            return known;
        }
        Live read = Live.of(version, database.read(tables -> tables.alerts().live()));
        latest.set(read);
        return read;
    }

    /** What lived at a version of the database. Immutable. */
    private record Live(long version, List<Alert> all, Map<String, List<Alert>> byDomain) {
        static Live of(long version, List<Alert> all) {
            return new Live(
                    version,
                    all,
                    all.stream()
                            .collect(Collectors.groupingBy(alert -> alert.key().domain())));
        }
    }

    /** Alerts that fired, those that still do among them, newest first. */
    public List<Alert> history(int limit) {
        return database.read(tables -> tables.alerts().fired(limit));
    }

    /** The configured channels, in the order given. */
    public List<ChannelStatus> channels() {
        Instant now = clock.instant();
        return database.read(tables -> channels.values().stream()
                .map(channel -> status(tables, channel, now))
                .toList());
    }

    private static ChannelStatus status(Tables tables, NotificationChannel channel, Instant now) {
        ChannelRow row = tables.channels().get(channel.name());
        Optional<OutboxRow> oldest = tables.outbox().head(channel.name());
        return new ChannelStatus(
                channel.name(),
                channel.kind(),
                ChannelHealth.healthy(row, now),
                row.lastSuccess(),
                row.lastFailure(),
                row.lastError(),
                tables.outbox().waiting(channel.name()),
                oldest.map(waiting -> Duration.between(waiting.createdAt(), now)));
    }

    /** Latest notifications, newest first. */
    public List<SentNotification> notifications(int limit) {
        return database.read(tables -> tables.outbox().latest(limit)).stream()
                .map(this::sent)
                .toList();
    }

    private SentNotification sent(OutboxRow row) {
        Notification notification =
                new Notification(row.reason(), row.sequence(), row.alert(), settings.agent(), row.createdAt());
        return new SentNotification(
                row.id(),
                row.channel(),
                row.alert().incident(),
                row.alert().key(),
                row.reason(),
                MessageComposer.compose(notification).headline(),
                row.status(),
                row.createdAt(),
                row.finishedAt(),
                row.attempts(),
                row.detail());
    }

    /**
     * Sends a notification that is clearly marked as a test, at once and not through the outbox; success makes a broken
     * channel healthy again.
     *
     * @throws IllegalArgumentException if there is no such channel
     */
    public DeliveryAttempt test(String channel) {
        NotificationChannel tested = channels.get(channel);
        if (tested == null) {
            throw new IllegalArgumentException(
                    "There is no channel " + channel + ": the configured ones are " + channels.keySet() + ".");
        }
        Instant now = clock.instant();
        DeliveryAttempt attempt = tested.send(TestNotification.of(tested, settings.agent(), now));
        database.change(tables -> health.record(tables, tested, attempt, Optional.empty(), clock.instant()));
        if (attempt.outcome() == DeliveryAttempt.Outcome.OK) {
            dispatcher.retryNow(tested);
        }
        dispatcher.wake();
        return attempt;
    }

    /** Stops to deliver. What is not delivered yet stays in the outbox; what is being sent gets {@code grace} to end. */
    public void close(Duration grace) {
        dispatcher.close(grace);
    }

    /** Forgets what is old, and gives up what waits for channels that are gone. */
    private void sweep() {
        Instant now = clock.instant();
        Instant last = swept.get();
        if ((!now.isBefore(last) && now.minus(SWEEP_INTERVAL).isBefore(last)) || !swept.compareAndSet(last, now)) {
            return;
        }
        database.change(tables -> {
            tables.alerts().forgetResolvedBefore(now.minus(settings.retention()));
            tables.outbox().forgetFinishedBefore(now.minus(settings.retention()));
            for (String name : tables.outbox().waitingChannels()) {
                if (!channels.containsKey(name)) {
                    tables.outbox().giveUp(name, now.minus(UNCLAIMED), "This channel is not configured.", now);
                }
            }
        });
    }
}
