package org.understudy.spool;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.MessageContent;

/**
 * Where accepted mail lies until each of its recipients is settled. Thread-safe.
 *
 * <p>Every implementation passes the same contract test.
 */
public interface MessageStore extends MessageIntake, AutoCloseable {

    /**
     * Messages that have a queued unit for one of the domains which is due, oldest arrival first, with just those units.
     *
     * @param after only messages that sort after this id, to page through; empty for the beginning
     */
    List<QueuedMessage> due(Collection<DomainName> domains, Instant now, Optional<QueueId> after, int limit);

    /**
     * Messages that have a unit in one of the states, oldest first, with all their units; those whose envelope cannot be read
     * are left out.
     *
     * @param domain of that unit's recipient; empty for any
     * @param after only messages that sort after this id, to page through
     */
    List<QueuedMessage> list(
            Optional<DomainName> domain, Collection<UnitState> states, Optional<QueueId> after, int limit);

    /** How many units that are not settled are how old, by domain; as far as ids tell, which is when messages began to come. */
    QueueAges ages(List<Duration> limits, Instant now);

    /** The message with all its units; empty if it was never stored or is long settled. */
    Optional<QueuedMessage> find(QueueId id);

    /** The content, our trace field included; opening it fails with an IOException if it is not readable. */
    MessageContent content(QueueId id);

    /**
     * Records the outcome of an attempt; durable when it completes. The content of a settled message may be gone after it.
     * Outcomes of one message are recorded in the order in which they are handed over, unless one fails.
     *
     * @return fails with a {@link SpoolException} if it could not be recorded. What depends on it runs on the thread that
     *     writes, and must be short.
     */
    CompletableFuture<Void> recordLater(QueueId id, List<UnitChange> changes);

    /**
     * The same, and waits for it.
     *
     * @throws SpoolException if it could not be recorded
     */
    default void record(QueueId id, List<UnitChange> changes) {
        try {
            recordLater(id, changes).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof SpoolException failed ? failed : e;
        }
    }

    QueueCounts counts();

    StoreHealth health();

    /** Ends commits in progress, refuses new ones with {@link CommitResult#FAILED}, releases the directory. */
    @Override
    void close();
}
