package org.understudy.agent.queue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.dropwizard.util.Duration;
import java.time.Clock;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.understudy.smtp.DomainName;
import org.understudy.spool.QueueFilter;
import org.understudy.spool.UnitState;

/**
 * Which recipients are meant, in words as people write them. Immutable.
 *
 * @param domain of the recipient
 * @param state states of the recipient, separated by commas
 * @param sender an address, {@code @domain} or {@code <>}
 * @param recipient an address or {@code @domain}
 * @param olderThan an age, as {@code 2h}
 * @param reply a part of the last reply
 */
@JsonIgnoreProperties(ignoreUnknown = false)
public record QueueQuery(
        Optional<String> domain,
        Optional<String> state,
        Optional<String> sender,
        Optional<String> recipient,
        Optional<String> olderThan,
        Optional<String> reply) {

    /** True if nothing is asked for, which is everything. */
    public boolean isEmpty() {
        return domain.isEmpty()
                && state.isEmpty()
                && sender.isEmpty()
                && recipient.isEmpty()
                && olderThan.isEmpty()
                && reply.isEmpty();
    }

    /**
     * What it means.
     *
     * @throws IllegalArgumentException if it means nothing, in one sentence
     */
    public QueueFilter filter(Clock clock) {
        return new QueueFilter(
                domain.map(text -> read("domain", text, DomainName::parse)),
                state.map(QueueQuery::states).orElse(QueueFilter.OPEN),
                sender,
                recipient,
                olderThan
                        .map(text -> read("olderThan", text, Duration::parse))
                        .map(age -> clock.instant().minus(age.toJavaDuration())),
                reply);
    }

    private static <T> T read(String name, String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": \"" + text + "\" cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static Set<UnitState> states(String text) {
        Set<UnitState> states = EnumSet.noneOf(UnitState.class);
        for (String name : text.split(",", -1)) {
            states.add(Arrays.stream(UnitState.values())
                    .filter(state ->
                            QueueFilter.OPEN.contains(state) && text(state).equals(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "state: \"" + name + "\" is none; there are " + namesOfStates() + ".")));
        }
        return states;
    }

    /** The states of mail that is not settled, as people write them. */
    public static String namesOfStates() {
        return QueueFilter.OPEN.stream().sorted().map(QueueQuery::text).collect(Collectors.joining(", "));
    }

    private static String text(UnitState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
