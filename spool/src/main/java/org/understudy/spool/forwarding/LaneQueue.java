package org.understudy.spool.forwarding;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.smtp.DomainName;
import org.understudy.spool.MessageStore;
import org.understudy.spool.NoticeSettings;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;

/**
 * What is due for a lane, oldest first, read from the store in pages. A message that was taken is not given out again before it
 * was put down. Not thread-safe, except {@link #putDown} and {@link #stored}: guarded by its lane.
 */
final class LaneQueue {
    private static final int PAGE = 200;

    private final MessageStore store;
    private List<DomainName> domains;
    private final Deque<QueuedMessage> page = new ArrayDeque<>();
    private final Set<QueueId> inHand = ConcurrentHashMap.newKeySet();
    private boolean moreInStore = true;
    private volatile boolean somethingStored;

    LaneQueue(MessageStore store, Collection<DomainName> domains) {
        this.store = store;
        this.domains = List.copyOf(domains);
    }

    /** Something was stored. Any thread. */
    void stored() {
        somethingStored = true;
    }

    /** Something may be due by now. */
    void lookAgain() {
        moreInStore = true;
    }

    /** Forgets what was read and not taken. */
    void clear() {
        page.clear();
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
        // What was read of it may not be true any more when it is put down.
        page.removeIf(message -> message.id().equals(id));
        return true;
    }

    /** The next message; whoever takes it puts it down. */
    Optional<QueuedMessage> take(Instant now) {
        if (page.isEmpty() && !domains.isEmpty() && (moreInStore || somethingStored)) {
            somethingStored = false;
            read(now);
        }
        return takeRead();
    }

    /** The next message of those that were read; the store is not asked. */
    Optional<QueuedMessage> takeRead() {
        Optional<QueuedMessage> message = Optional.ofNullable(page.poll());
        message.ifPresent(m -> inHand.add(m.id()));
        return message;
    }

    /** Undoes the last taking. */
    void putBack(QueuedMessage message) {
        inHand.remove(message.id());
        page.addFirst(message);
    }

    /** What became of a message is on record, or nothing did. Any thread. */
    void putDown(QueueId id) {
        inHand.remove(id);
    }

    /** Mail without a domain comes along with that of any, but a way for notices only is no way for it. */
    private boolean isMine(QueuedMessage message) {
        return message.origin().isNotice() || domains.stream().anyMatch(domain -> !domain.equals(NoticeSettings.QUEUE));
    }

    private void read(Instant now) {
        // Before the store is asked: what is put down after that may still look due in the answer.
        Set<QueueId> taken = Set.copyOf(inHand);
        Optional<QueueId> after = Optional.empty();
        moreInStore = false;
        // What is in hand stands at the front of the queue; look behind it.
        while (page.isEmpty()) {
            List<QueuedMessage> found = store.due(domains, now, after, PAGE);
            found.stream().filter(m -> !taken.contains(m.id()) && isMine(m)).forEach(page::add);
            if (found.size() < PAGE) {
                moreInStore = !page.isEmpty();
                return;
            }
            moreInStore = true;
            after = Optional.of(found.get(found.size() - 1).id());
        }
    }
}
