package org.understudy.spool.recipients;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.Mailbox;
import org.understudy.spool.RecipientRequest;
import org.understudy.spool.SenderAuthentication;

/** Has senders checked beside the event loop, a few at a time and each for a limited time. Thread-safe, bounded. */
final class SenderChecks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SenderChecks.class);
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST_REMEMBERED = 10_000;
    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_WAITING = 500;

    private final SenderAuthentication authentication;
    private final Duration limit;
    private final Clock clock;
    private final ThreadPoolExecutor pool;
    private final Map<Sender, Check> checks = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Sender, Check> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Sender(InetAddress client, Mailbox mailbox) {}

    private record Check(CompletableFuture<Boolean> authentic, Instant began) {}

    SenderChecks(SenderAuthentication authentication, Duration limit, Clock clock) {
        this.authentication = authentication;
        this.limit = limit;
        this.clock = clock;
        this.pool = new ThreadPoolExecutor(
                MOST_AT_ONCE, MOST_AT_ONCE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "spool-sender-check");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /** Whether the client may send for its sender; doubt is no, and so is a null reverse-path. Never a failure. */
    CompletableFuture<Boolean> isAuthentic(RecipientRequest request) {
        Optional<Mailbox> mailbox = request.reversePath().mailbox();
        if (mailbox.isEmpty()) {
            return CompletableFuture.completedFuture(false);
        }
        Sender sender = new Sender(request.client(), mailbox.get());
        Instant now = clock.instant();
        CompletableFuture<Boolean> mine;
        synchronized (checks) {
            Check earlier = checks.get(sender);
            if (earlier != null && now.isBefore(earlier.began().plus(REMEMBERED))) {
                return earlier.authentic().copy();
            }
            mine = new CompletableFuture<Boolean>().completeOnTimeout(false, limit.toMillis(), TimeUnit.MILLISECONDS);
            checks.put(sender, new Check(mine, now));
        }
        try {
            pool.execute(() -> mine.complete(check(sender)));
        } catch (RejectedExecutionException e) {
            mine.complete(false);
        }
        return mine.copy();
    }

    private boolean check(Sender sender) {
        try {
            return authentication.isAuthentic(sender.client(), sender.mailbox());
        } catch (RuntimeException e) {
            LOG.error("unforeseen in the check of a sender", e);
            return false;
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
