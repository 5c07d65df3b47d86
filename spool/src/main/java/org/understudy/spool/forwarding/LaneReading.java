package org.understudy.spool.forwarding;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.understudy.smtp.DomainName;
import org.understudy.spool.MessageStore;
import org.understudy.spool.NoticeSettings;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueuedMessage;
import org.understudy.spool.Unit;
import org.understudy.spool.UnitState;

/**
 * One look into the store for what is due for a lane. Each is itself and no other. Immutable.
 */
final class LaneReading {
    /** Messages that are asked for at one time. */
    static final int PAGE = 200;
    /** So often a page full of the mail of a few domains is followed by one without theirs. */
    private static final int MOST_BEHIND = 3;

    private final List<DomainName> domains;
    private final Set<QueueId> known;
    private final Optional<QueueId> after;
    private final List<QueueId> urgent;

    /**
     * @param known in hands, or read before: not asked for; handed over
     * @param after where to begin; empty for the oldest
     * @param urgent to be looked at by themselves
     */
    LaneReading(List<DomainName> domains, Set<QueueId> known, Optional<QueueId> after, List<QueueId> urgent) {
        this.domains = List.copyOf(domains);
        this.known = Collections.unmodifiableSet(known);
        this.after = after;
        this.urgent = List.copyOf(urgent);
    }

    /**
     * What there is.
     *
     * @param urgent those that were to be looked at by themselves, as far as they are due
     * @param last the last in the order of the queue that was looked at, if any
     * @param isEnd true if nothing is behind it
     */
    record Found(List<QueuedMessage> messages, List<QueuedMessage> urgent, Optional<QueueId> last, boolean isEnd) {}

    Optional<QueueId> after() {
        return after;
    }

    List<QueueId> urgent() {
        return urgent;
    }

    /** Asks the store. */
    Found ask(MessageStore store, Instant now) {
        List<QueuedMessage> messages = new ArrayList<>();
        Optional<QueueId> last = after;
        boolean end = false;
        // What is in hand stands at the front of the queue; look behind it.
        while (messages.isEmpty() && !end) {
            List<QueuedMessage> due = store.due(domains, now, last, PAGE);
            due.stream().filter(this::isNew).forEach(messages::add);
            end = due.size() < PAGE;
            last = due.isEmpty() ? last : Optional.of(due.get(due.size() - 1).id());
        }
        if (!end) {
            messages.addAll(behind(store, now, messages));
        }
        List<QueuedMessage> first = urgent.stream()
                .filter(id -> !known.contains(id))
                .flatMap(id -> store.find(id).stream())
                .flatMap(message -> due(message, now).stream())
                .toList();
        return new Found(messages, first, last, end);
    }

    /** Mail of domains that have none in a page full of that of others. */
    private List<QueuedMessage> behind(MessageStore store, Instant now, List<QueuedMessage> page) {
        List<QueuedMessage> messages = new ArrayList<>();
        Set<Optional<DomainName>> seen = new HashSet<>();
        page.forEach(message -> seen.add(LanePage.domain(message)));
        for (int i = 0; i < MOST_BEHIND; i++) {
            List<DomainName> others = domains.stream()
                    .filter(domain -> !domain.equals(NoticeSettings.QUEUE) && !seen.contains(Optional.of(domain)))
                    .toList();
            if (others.isEmpty()) {
                return messages;
            }
            List<QueuedMessage> due = store.due(others, now, Optional.empty(), PAGE);
            due.stream().filter(this::isNew).forEach(messages::add);
            due.forEach(message -> seen.add(LanePage.domain(message)));
            if (due.size() < PAGE) {
                return messages;
            }
        }
        return messages;
    }

    private Optional<QueuedMessage> due(QueuedMessage message, Instant now) {
        List<Unit> units = message.units().stream()
                .filter(unit -> unit.state() == UnitState.QUEUED
                        && !unit.nextAttempt().isAfter(now)
                        && unit.recipient()
                                .path()
                                .domainName()
                                .filter(domains::contains)
                                .isPresent())
                .toList();
        return units.isEmpty() || !isNew(message)
                ? Optional.empty()
                : Optional.of(new QueuedMessage(
                        message.id(),
                        message.origin(),
                        message.size(),
                        message.reversePath(),
                        message.parameters(),
                        units));
    }

    private boolean isNew(QueuedMessage message) {
        return !known.contains(message.id()) && isMine(message);
    }

    /** Mail without a domain comes along with that of any, but a way for notices only is no way for it. */
    private boolean isMine(QueuedMessage message) {
        return message.origin().isNotice() || domains.stream().anyMatch(domain -> !domain.equals(NoticeSettings.QUEUE));
    }
}
