package org.understudy.spool.forwarding;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;

/**
 * What is due for a lane, read from the store ahead of those who take it. A message that was taken is not given out again before
 * it was put down. Not thread-safe, except {@link #putDown} and {@link #stored}: guarded by its lane's dispatch.
 */
final class LaneQueue {
    /** So few left, and the next are read. */
    private static final int LOW = LaneReading.PAGE / 2;
    /** So long reading goes on behind what was read last; then it looks at the oldest again, which may be due by now. */
    private static final Duration ONWARDS = Duration.ofSeconds(5);

    /** More than that come in their turn, as all do after a restart. */
    private static final int MOST_URGENT = 1000;

    private List<DomainName> domains;
    private final LanePage page = new LanePage();
    private final Set<QueueId> inHand = ConcurrentHashMap.newKeySet();
    /** Ids of messages that must not wait for their turn. */
    private final Set<QueueId> urgent = ConcurrentHashMap.newKeySet();

    private boolean moreInStore = true;
    private volatile boolean somethingStored;

    /** What is asked of the store at the moment; what comes of another reading is no longer true. */
    private Optional<LaneReading> reading = Optional.empty();

    /** Of the reading that is under way. */
    private final Set<QueueId> claimedMeanwhile = new HashSet<>();

    private Optional<QueueId> readTo = Optional.empty();
    private long readFromBeginningAt = System.nanoTime();
    private boolean endReached;

    LaneQueue(Collection<DomainName> domains) {
        this.domains = List.copyOf(domains);
    }

    /** Something was stored. Any thread. */
    void stored() {
        somethingStored = true;
    }

    /** Something was stored that must not wait for its turn. Any thread. */
    void storedFirst(QueueId id) {
        if (urgent.size() < MOST_URGENT) {
            urgent.add(id);
        }
        somethingStored = true;
    }

    /** Something may be due by now. */
    void lookAgain() {
        moreInStore = true;
    }

    /** Forgets what was read and not taken. */
    void clear() {
        page.clear();
        reading = Optional.empty();
        readTo = Optional.empty();
        endReached = false;
        moreInStore = true;
    }

    /** Serves other domains from now on. */
    void serve(Collection<DomainName> others) {
        domains = List.copyOf(others);
        clear();
    }

    /** The same without one domain. */
    void leave(DomainName domain) {
        serve(domains.stream().filter(other -> !other.equals(domain)).toList());
    }

    /** What is in hands now. */
    Set<QueueId> inHand() {
        return Set.copyOf(inHand);
    }

    /** Takes one message out of turn, so that nobody else gets it; false if somebody has it. Whoever takes it puts it down. */
    boolean claim(QueueId id) {
        if (!inHand.add(id)) {
            return false;
        }
        // What was read of it, or is being read, may not be true any more when it is put down.
        page.remove(id);
        if (reading.isPresent()) {
            claimedMeanwhile.add(id);
        }
        return true;
    }

    /** The next message of those that were read; whoever takes it puts it down. */
    Optional<QueuedMessage> take() {
        Optional<QueuedMessage> message = page.poll();
        message.ifPresent(m -> inHand.add(m.id()));
        return message;
    }

    /** Undoes the last taking. */
    void putBack(QueuedMessage message) {
        page.addFirst(message);
        inHand.remove(message.id());
    }

    /** What became of a message is on record, or nothing did. Any thread. */
    void putDown(QueueId id) {
        inHand.remove(id);
    }

    /** True if the store should be asked now. */
    boolean wantsReading() {
        if (reading.isPresent() || domains.isEmpty()) {
            return false;
        }
        boolean nothingLeft = page.isEmpty() && (moreInStore || somethingStored);
        return nothingLeft || !urgent.isEmpty() || (page.size() < LOW && !page.isEmpty() && !endReached);
    }

    /** What to ask the store, to be answered to {@link #read}. */
    LaneReading beginReading() {
        somethingStored = false;
        moreInStore = false;
        claimedMeanwhile.clear();
        long now = System.nanoTime();
        if (page.isEmpty() || now - readFromBeginningAt > ONWARDS.toNanos()) {
            readTo = Optional.empty();
            readFromBeginningAt = now;
        }
        List<QueueId> first = List.copyOf(urgent);
        first.forEach(urgent::remove);
        first.forEach(page::moveFirst);
        // Before the store is asked: what is put down after that may still look due in the answer.
        Set<QueueId> known = new HashSet<>(inHand);
        page.addIdsTo(known);
        LaneReading begun = new LaneReading(domains, known, readTo, first);
        reading = Optional.of(begun);
        return begun;
    }

    /** Takes in what a reading found, if it was not overtaken. */
    void read(LaneReading done, LaneReading.Found found) {
        if (reading.filter(done::equals).isEmpty()) {
            urgent.addAll(done.urgent());
            return;
        }
        reading = Optional.empty();
        found.urgent().stream().filter(this::isFree).forEach(page::addFirst);
        found.messages().stream().filter(this::isFree).forEach(page::add);
        readTo = found.last().or(() -> readTo);
        endReached = found.isEnd();
        moreInStore = !found.isEnd() || !page.isEmpty() || done.after().isPresent();
    }

    private boolean isFree(QueuedMessage message) {
        return !claimedMeanwhile.contains(message.id()) && !inHand.contains(message.id());
    }

    /** The store could not be asked. */
    void readFailed(LaneReading begun) {
        urgent.addAll(begun.urgent());
        if (reading.filter(begun::equals).isPresent()) {
            clear();
        }
    }
}
