package org.understudy.spool.retention;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.understudy.spool.MessageStore;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.SpoolException;
import org.understudy.spool.UnitState;
import org.understudy.spool.forwarding.Forwarder;

/**
 * Shows each message that reaches an age with a queued unit to somebody, once ever. Thread-safe.
 *
 * <p>It goes along the queue ids, which are made of time, and remembers where it was: a look costs as much as there is to do. A
 * message that is being handed on just then is left for the next look.
 */
final class AgeSweep {
    private static final Logger LOG = LoggerFactory.getLogger(AgeSweep.class);
    private static final int PAGE = 200;
    private static final Set<UnitState> QUEUED = Set.of(UnitState.QUEUED);

    private final MessageStore store;
    private final Forwarder forwarder;
    private final Clock clock;
    private final HighWaterMark mark;
    private final Duration age;
    private final Function<QueuedMessage, CompletableFuture<Void>> work;

    /**
     * Begins where an earlier process ended.
     *
     * @param file keeps the place
     * @param work has the message to itself until what it returns is complete; what it fails with is tried again
     * @throws SpoolException if the file cannot be understood
     */
    AgeSweep(
            MessageStore store,
            Forwarder forwarder,
            Clock clock,
            Path file,
            Duration age,
            Function<QueuedMessage, CompletableFuture<Void>> work) {
        this.store = store;
        this.forwarder = forwarder;
        this.clock = clock;
        this.mark = HighWaterMark.open(file);
        this.age = age;
        this.work = work;
    }

    /**
     * Does what is due now.
     *
     * @throws SpoolException if the store or the mark fails; the next look goes on from there
     */
    synchronized void run() {
        if (!mark.left().isEmpty()) {
            List<QueueId> left = List.copyOf(mark.left());
            show(left, mark.position(), List.of());
        }
        List<QueueId> page = next(1);
        while (!page.isEmpty()) {
            page = next(PAGE);
            if (!page.isEmpty()) {
                show(page, Optional.of(page.get(page.size() - 1)), mark.left());
            }
        }
    }

    private List<QueueId> next(int most) {
        Instant limit = clock.instant().minus(age);
        return store.list(Optional.empty(), QUEUED, mark.position(), most).stream()
                .takeWhile(message -> !message.origin().arrival().isAfter(limit))
                .map(QueuedMessage::id)
                .toList();
    }

    /** The messages are given back only when the mark is durable: nobody can order anything in between that would be undone. */
    private void show(List<QueueId> ids, Optional<QueueId> position, Collection<QueueId> alreadyLeft) {
        Set<QueueId> left = new TreeSet<>(alreadyLeft);
        Map<QueueId, CompletableFuture<Void>> shown = new LinkedHashMap<>();
        List<QueueId> claimed = new ArrayList<>();
        try {
            for (QueueId id : ids) {
                if (forwarder.claim(id)) {
                    claimed.add(id);
                    shown.put(id, show(id));
                } else {
                    left.add(id);
                }
            }
            shown.forEach((id, done) -> {
                if (!succeeds(id, done)) {
                    left.add(id);
                }
            });
            mark.rise(position, left);
        } finally {
            claimed.forEach(forwarder::giveBack);
        }
    }

    private CompletableFuture<Void> show(QueueId id) {
        try {
            return store.find(id)
                    .filter(message -> message.units().stream().anyMatch(unit -> unit.state() == UnitState.QUEUED))
                    .map(work)
                    .orElseGet(() -> CompletableFuture.completedFuture(null));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static boolean succeeds(QueueId id, CompletableFuture<Void> done) {
        try {
            done.join();
            return true;
        } catch (CompletionException e) {
            LOG.error("{} is left for the next look at old mail: {}", id, String.valueOf(e.getCause()));
            return false;
        }
    }
}
