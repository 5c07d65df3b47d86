package org.understudy.agent.queue;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.understudy.spool.OperatorOrder;
import org.understudy.spool.QueueAction;
import org.understudy.spool.QueueFilter;
import org.understudy.spool.QueueId;
import org.understudy.spool.QueueSelection;

/**
 * An order to the queue, as it stands in a request. Immutable.
 *
 * @param action retry, hold, release, discard or return
 * @param ids the messages; empty if they are asked for by the filter
 * @param filter which recipients
 * @param all true to mean everything that the filter lets through although it is empty
 * @param actor who orders it
 * @param reason why
 */
public record QueueOrder(
        String action, List<String> ids, Optional<QueueQuery> filter, boolean all, String actor, String reason) {
    public QueueOrder(
            @Nullable String action,
            @Nullable List<String> ids,
            Optional<QueueQuery> filter,
            boolean all,
            @Nullable String actor,
            @Nullable String reason) {
        this.action = action == null ? "" : action;
        this.ids = ids == null ? List.of() : List.copyOf(ids);
        this.filter = filter;
        this.all = all;
        this.actor = actor == null ? "" : actor;
        this.reason = reason == null ? "" : reason;
    }

    /**
     * What is to be done.
     *
     * @throws IllegalArgumentException if there is no such action, in one sentence
     */
    public QueueAction queueAction() {
        return Arrays.stream(QueueAction.values())
                .filter(known -> text(known).equals(action))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("action: \"" + action + "\" is none; there are "
                        + Arrays.stream(QueueAction.values())
                                .map(QueueOrder::text)
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    private static String text(QueueAction action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    /**
     * What for.
     *
     * @throws IllegalArgumentException if it does not say which messages, in one sentence
     */
    public QueueSelection selection(Clock clock) {
        QueueQuery query = filter.orElse(new QueueQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        if (ids.isEmpty() && query.isEmpty() && !all) {
            throw new IllegalArgumentException("Say which messages: by id, by a filter, or all.");
        }
        if (all && !(ids.isEmpty() && query.isEmpty())) {
            throw new IllegalArgumentException("Say which messages: by id, by a filter, or all, but not all of it.");
        }
        QueueFilter meant = query.filter(clock);
        return new QueueSelection(ids.stream().map(QueueOrder::id).toList(), meant);
    }

    private static QueueId id(String text) {
        if (!QueueId.isValid(text)) {
            throw new IllegalArgumentException("ids: \"" + text + "\" is not a queue id.");
        }
        return new QueueId(text);
    }

    /**
     * Who orders it, and why.
     *
     * @throws IllegalArgumentException if nobody gives it, in one sentence
     */
    public OperatorOrder order() {
        return new OperatorOrder(actor, reason);
    }
}
