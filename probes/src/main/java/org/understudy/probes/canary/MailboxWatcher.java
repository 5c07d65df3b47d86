package org.understudy.probes.canary;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.FolderNotFoundException;
import jakarta.mail.MessagingException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.probes.ImapSettings;

/** Watches one mailbox on a thread of its own, connecting again whenever the connection is lost. Thread-safe. */
final class MailboxWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxWatcher.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    /** Servers lock accounts out after many refused logins. */
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(30);

    private static final Duration GOODBYE = Duration.ofSeconds(3);

    private final ImapSettings settings;
    private final MailboxScan scan;
    private final Custody custody;
    private final ArrivalSignal signal;
    private final Clock clock;
    private final MailboxReads reads = new MailboxReads();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ScheduledExecutorService timers;
    private final Thread thread;
    private volatile Duration pollInterval;
    private volatile @Nullable MailboxConnection current;

    MailboxWatcher(
            ImapSettings settings,
            Duration pollInterval,
            MailboxScan scan,
            Custody custody,
            ArrivalSignal signal,
            Clock clock) {
        this.settings = settings;
        this.pollInterval = pollInterval;
        this.scan = scan;
        this.custody = custody;
        this.signal = signal;
        this.clock = clock;
        this.thread = new Thread(this::run, "mailbox-" + settings);
        thread.setDaemon(true);
        // Two, since one may be stuck in a write that the other is to end.
        this.timers = Executors.newScheduledThreadPool(2, task -> {
            Thread timer = new Thread(task, "mailbox-timer-" + settings);
            timer.setDaemon(true);
            return timer;
        });
    }

    void start() {
        thread.start();
    }

    MailboxReads reads() {
        return reads;
    }

    /** Searches at least so often from now on. */
    void pollAtLeastEvery(Duration interval) {
        if (interval.compareTo(pollInterval) < 0) {
            pollInterval = interval;
        }
    }

    /** Ends the watch; the thread may outlive the call if a server does not answer. */
    @Override
    public synchronized void close() {
        if (isClosed()) {
            return;
        }
        closed.countDown();
        // Not from here: it waits until a command that is under way has ended.
        timers.execute(this::interruptIdle);
        try {
            thread.join(GOODBYE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Last, since every write to the server is timed by it.
        timers.shutdown();
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!isClosed()) {
            refreshCustody();
            try (MailboxConnection connection = MailboxConnection.open(settings, pollInterval, timers)) {
                current = connection;
                while (!isClosed()) {
                    read(connection);
                    pause = FIRST_PAUSE;
                    rest(connection);
                }
            } catch (MessagingException | RuntimeException e) {
                pause = failed(e, pause);
            } finally {
                current = null;
            }
            waitFor(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private Duration failed(Exception e, Duration pause) {
        if (isClosed()) {
            return pause;
        }
        String words = words(e);
        if (!words.equals(reads.trouble())) {
            LOG.warn("the mailbox {} cannot be read: {}", settings, words);
        }
        reads.failed(words);
        signal.announce();
        boolean refused = e instanceof AuthenticationFailedException;
        return refused && pause.compareTo(PAUSE_AFTER_REFUSAL) < 0 ? PAUSE_AFTER_REFUSAL : pause;
    }

    private void read(MailboxConnection connection) throws MessagingException {
        refreshCustody();
        Instant begun = clock.instant();
        scan.read(connection);
        reads.succeeded(begun);
        signal.announce();
    }

    /** Until the server announces something, or the next search is due: the other folders announce nothing. */
    private void rest(MailboxConnection connection) throws MessagingException {
        if (!connection.canIdle()) {
            waitFor(pollInterval);
            return;
        }
        Future<?> alarm = timers.schedule(this::interruptIdle, pollInterval.toMillis(), TimeUnit.MILLISECONDS);
        try {
            if (!isClosed()) {
                connection.idle();
            }
        } finally {
            alarm.cancel(false);
        }
    }

    private void interruptIdle() {
        MailboxConnection connection = current;
        if (connection == null) {
            return;
        }
        try {
            connection.interrupt();
        } catch (MessagingException | RuntimeException e) {
            // The watching thread meets the same fault and deals with it.
            LOG.debug("the watch of {} cannot be interrupted: {}", settings, e.getMessage());
        }
    }

    private void refreshCustody() {
        try {
            custody.refresh(settings.toString());
        } catch (RuntimeException e) {
            LOG.warn("it cannot be found out which canaries are held", e);
        }
    }

    private void waitFor(Duration duration) {
        try {
            boolean ended = closed.await(duration.toMillis(), TimeUnit.MILLISECONDS);
            LOG.trace("waited for {}, closed: {}", duration, ended);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }

    private String words(Exception e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        if (e instanceof AuthenticationFailedException) {
            return "the login of " + settings.user() + " was refused: " + message;
        }
        if (e instanceof FolderNotFoundException) {
            return "there is no folder " + settings.folders().get(0);
        }
        return message;
    }
}
