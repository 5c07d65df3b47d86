package org.understudy.spool.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.MessageContent;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageStore;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueAges;
import org.understudy.spool.QueueCounts;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolException;
import org.understudy.spool.StoreHealth;
import org.understudy.spool.UnitChange;
import org.understudy.spool.UnitState;

/** A real store behind a gate for outcomes, which can also be made to fail. */
public final class GatedStore implements MessageStore {
    private final MessageStore store;
    private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    public GatedStore(MessageStore store) {
        this.store = store;
    }

    /** From now on outcomes wait. */
    void shut() {
        gate = new CompletableFuture<>();
    }

    /** Lets all outcomes through that wait, and those that come. */
    void open() {
        gate.complete(null);
    }

    /** The next so many outcomes are not recorded. */
    public void fail(int outcomes) {
        failures.set(outcomes);
    }

    /** Outcomes that wait. */
    int waiting() {
        return waiting.get();
    }

    @Override
    public CompletableFuture<Void> recordLater(QueueId id, List<UnitChange> changes) {
        if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            return CompletableFuture.failedFuture(new SpoolException("The disk is gone."));
        }
        waiting.incrementAndGet();
        return gate.thenCompose(open -> {
            waiting.decrementAndGet();
            return store.recordLater(id, changes);
        });
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        return store.begin(envelope, origin);
    }

    @Override
    public List<QueuedMessage> due(Collection<DomainName> domains, Instant now, Optional<QueueId> after, int limit) {
        return store.due(domains, now, after, limit);
    }

    @Override
    public List<QueuedMessage> list(
            Optional<DomainName> domain, Collection<UnitState> states, Optional<QueueId> after, int limit) {
        return store.list(domain, states, after, limit);
    }

    @Override
    public QueueAges ages(List<Duration> limits, Instant now) {
        return store.ages(limits, now);
    }

    @Override
    public Optional<QueuedMessage> find(QueueId id) {
        return store.find(id);
    }

    @Override
    public MessageContent content(QueueId id) {
        return store.content(id);
    }

    @Override
    public QueueCounts counts() {
        return store.counts();
    }

    @Override
    public StoreHealth health() {
        return store.health();
    }

    @Override
    public void close() {
        open();
        store.close();
    }
}
