package org.understudy.spool.forwarding;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.Unit;

/**
 * Messages that were read from the store and not taken yet. Those that cannot wait come first; then each domain has its turn,
 * with its oldest message, so that the backlog of one does not keep the mail of another. Not thread-safe.
 */
final class LanePage {
    private final Deque<QueuedMessage> first = new ArrayDeque<>();
    /** In the order of their turns. Mail to a bare postmaster has no domain, and a turn of its own. */
    private final Map<Optional<DomainName>, TreeMap<QueueId, QueuedMessage>> turns = new LinkedHashMap<>();

    private final Set<QueueId> ids = new HashSet<>();

    static Optional<DomainName> domain(QueuedMessage message) {
        return message.units().stream()
                .findFirst()
                .map(Unit::recipient)
                .flatMap(r -> r.path().domainName());
    }

    void add(QueuedMessage message) {
        if (ids.add(message.id())) {
            turns.computeIfAbsent(domain(message), none -> new TreeMap<>()).put(message.id(), message);
        }
    }

    void addFirst(QueuedMessage message) {
        if (ids.add(message.id())) {
            first.addFirst(message);
        }
    }

    /** Lets one that is here not wait for its turn. */
    void moveFirst(QueueId id) {
        for (TreeMap<QueueId, QueuedMessage> messages : turns.values()) {
            QueuedMessage message = messages.remove(id);
            if (message != null) {
                first.addFirst(message);
            }
        }
        turns.values().removeIf(Map::isEmpty);
    }

    /** The next message. */
    Optional<QueuedMessage> poll() {
        QueuedMessage urgent = first.poll();
        if (urgent != null) {
            ids.remove(urgent.id());
            return Optional.of(urgent);
        }
        Iterator<Map.Entry<Optional<DomainName>, TreeMap<QueueId, QueuedMessage>>> turn =
                turns.entrySet().iterator();
        if (!turn.hasNext()) {
            return Optional.empty();
        }
        Map.Entry<Optional<DomainName>, TreeMap<QueueId, QueuedMessage>> next = turn.next();
        Optional<DomainName> domain = next.getKey();
        TreeMap<QueueId, QueuedMessage> messages = next.getValue();
        QueuedMessage oldest = messages.pollFirstEntry().getValue();
        turn.remove();
        if (!messages.isEmpty()) {
            turns.put(domain, messages);
        }
        ids.remove(oldest.id());
        return Optional.of(oldest);
    }

    void remove(QueueId id) {
        if (ids.remove(id)) {
            first.removeIf(message -> message.id().equals(id));
            turns.values().forEach(messages -> messages.remove(id));
            turns.values().removeIf(Map::isEmpty);
        }
    }

    void clear() {
        first.clear();
        turns.clear();
        ids.clear();
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    int size() {
        return ids.size();
    }

    void addIdsTo(Set<QueueId> others) {
        others.addAll(ids);
    }
}
