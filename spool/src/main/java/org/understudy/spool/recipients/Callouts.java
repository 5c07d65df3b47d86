package org.understudy.spool.recipients;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.smtp.CommandResult;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ForwardPath;
import org.understudy.smtp.Reply;
import org.understudy.smtp.ReversePath;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpSession;
import org.understudy.spool.NextHop;
import org.understudy.spool.forwarding.Connector;
import org.understudy.spool.forwarding.RecipientAnswer;
import org.understudy.spool.forwarding.RecipientAnswer.Meaning;

/**
 * Asks next hops for recipients: MAIL FROM:&lt;&gt;, RCPT, and nothing to deliver. Few at a time, one for each address however
 * many want to know, and each for a limited time. A next hop that gives no answer is left alone for a while. Thread-safe.
 */
final class Callouts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Callouts.class);
    private static final int MOST_PER_NEXT_HOP = 4;
    private static final int MOST_WAITING = 500;
    private static final Duration LEFT_ALONE = Duration.ofSeconds(30);

    private final Function<NextHop, Connector> connect;
    private final Map<NextHop, Connector> connectors = new ConcurrentHashMap<>();
    private final Duration limit;
    private final Listener listener;
    private final Clock clock;
    private final Map<NextHop, ThreadPoolExecutor> pools = new ConcurrentHashMap<>();
    private final Map<NextHop, Instant> leftAlone = new ConcurrentHashMap<>();
    private final Map<Question, CompletableFuture<String>> running = new ConcurrentHashMap<>();
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private record Question(NextHop nextHop, ForwardPath recipient) {}

    /** Told what came of it, before whoever waits for it. Must not wait. */
    interface Listener {
        void answered(RecipientAnswer answer);

        /** The next hop was offered a random local part. */
        void triedRandom(DomainName domain, boolean taken);
    }

    /** @param limit after which whoever waits goes on without an answer */
    Callouts(Function<NextHop, Connector> connect, Duration limit, Listener listener, Clock clock) {
        this.connect = connect;
        this.limit = limit;
        this.listener = listener;
        this.clock = clock;
    }

    long made() {
        return made.get();
    }

    long failed() {
        return failed.get();
    }

    /**
     * Asks, or joins those who are asking already.
     *
     * @param random also whether any local part would be taken
     * @return what the next hop said, or why it said nothing, in words; never a failure, and no later than the limit
     */
    CompletableFuture<String> ask(NextHop nextHop, ForwardPath recipient, boolean random) {
        Instant until = leftAlone.get(nextHop);
        if (until != null && clock.instant().isBefore(until)) {
            return CompletableFuture.completedFuture(nextHop + " gave no answer a moment ago");
        }
        Question question = new Question(nextHop, recipient);
        CompletableFuture<String> mine = new CompletableFuture<>();
        CompletableFuture<String> others = running.putIfAbsent(question, mine);
        if (others != null) {
            return others.copy();
        }
        CompletableFuture<String> limited = mine.completeOnTimeout(
                        nextHop + " gave no answer within " + limit.toSeconds() + " s",
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS)
                .whenComplete((words, failure) -> running.remove(question, mine));
        try {
            pool(nextHop).execute(() -> run(question, random, mine));
        } catch (RejectedExecutionException e) {
            failed.incrementAndGet();
            mine.complete("too many wait for an answer of " + nextHop);
        }
        return limited;
    }

    private ThreadPoolExecutor pool(NextHop nextHop) {
        return pools.computeIfAbsent(nextHop, hop -> {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(
                    MOST_PER_NEXT_HOP,
                    MOST_PER_NEXT_HOP,
                    30,
                    TimeUnit.SECONDS,
                    new LinkedBlockingQueue<>(MOST_WAITING),
                    task -> {
                        Thread thread = new Thread(task, "spool-callout-" + hop);
                        thread.setDaemon(true);
                        return thread;
                    });
            pool.allowCoreThreadTimeOut(true);
            return pool;
        });
    }

    private void run(Question question, boolean random, CompletableFuture<String> waiting) {
        if (waiting.isDone()) {
            // Nobody waits any more.
            failed.incrementAndGet();
            return;
        }
        made.incrementAndGet();
        try {
            Connector connector = connectors.computeIfAbsent(question.nextHop(), connect);
            Connector.Connection connection = connector.connect(false);
            if (connection.session().isEmpty()) {
                giveUp(question, waiting, connection.trouble());
                return;
            }
            try (SmtpSession session = connection.session().get()) {
                ask(question, random, connector, session, waiting);
            }
        } catch (RuntimeException e) {
            LOG.error("unforeseen in a callout to {}", question.nextHop(), e);
            giveUp(question, waiting, "unforeseen trouble");
        }
    }

    private void ask(
            Question question,
            boolean random,
            Connector connector,
            SmtpSession session,
            CompletableFuture<String> waiting) {
        CommandResult mail = session.mail(ReversePath.NULL);
        CommandResult said = mail.isPositive() ? session.rcpt(question.recipient()) : mail;
        if (said.reply().isEmpty()) {
            giveUp(question, waiting, said.failure().map(SmtpFailure::toString).orElse("the session broke"));
            return;
        }
        Reply reply = said.reply().get();
        if (!mail.isPositive()) {
            failed.incrementAndGet();
            waiting.complete(question.nextHop() + " does not take a null sender: " + reply);
            return;
        }
        RecipientAnswer answer =
                RecipientAnswer.toCallout(question.nextHop(), question.recipient(), reply, connector, session);
        if (random && answer.meaning() == Meaning.TAKEN) {
            tryRandom(question, connector, session);
        }
        if (answer.meaning() == Meaning.INCONCLUSIVE) {
            failed.incrementAndGet();
        }
        listener.answered(answer);
        waiting.complete(answer.words());
    }

    private void tryRandom(Question question, Connector connector, SmtpSession session) {
        ForwardPath nobody = new ForwardPath(
                "x" + UUID.randomUUID().toString().replace("-", ""),
                question.recipient().domain());
        Optional<Meaning> meaning = session.rcpt(nobody)
                .reply()
                .map(r -> RecipientAnswer.toCallout(question.nextHop(), nobody, r, connector, session)
                        .meaning());
        // Doubt says neither the one nor the other.
        if (meaning.isPresent() && List.of(Meaning.TAKEN, Meaning.UNKNOWN).contains(meaning.get())) {
            question.recipient()
                    .domainName()
                    .ifPresent(domain -> listener.triedRandom(domain, meaning.get() == Meaning.TAKEN));
        }
    }

    private void giveUp(Question question, CompletableFuture<String> waiting, String why) {
        failed.incrementAndGet();
        leftAlone.put(question.nextHop(), clock.instant().plus(LEFT_ALONE));
        LOG.info("{} could not be asked for a recipient: {}", question.nextHop(), why);
        waiting.complete(question.nextHop() + " could not be asked: " + why);
    }

    @Override
    public void close() {
        pools.values().forEach(ThreadPoolExecutor::shutdownNow);
    }
}
