package org.understudy.spool;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.understudy.smtp.DomainName;

/**
 * Which units are meant: those for which all of this is true. Immutable.
 *
 * @param domain of the recipient
 * @param states one of these
 * @param sender the reverse-path: an address, {@code @domain}, or {@code <>}
 * @param recipient an address, or {@code @domain}
 * @param arrivedBefore when the message came
 * @param reply a part of the last reply; case does not matter
 */
public record QueueFilter(
        Optional<DomainName> domain,
        Set<UnitState> states,
        Optional<String> sender,
        Optional<String> recipient,
        Optional<Instant> arrivedBefore,
        Optional<String> reply) {
    /** States of what is not settled. */
    public static final Set<UnitState> OPEN =
            Stream.of(UnitState.values()).filter(state -> !state.isTerminal()).collect(Collectors.toUnmodifiableSet());

    /** All that is not settled. */
    public static final QueueFilter ALL = new QueueFilter(
            Optional.empty(), OPEN, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public QueueFilter {
        states = Set.copyOf(states);
    }

    /** The same for units in some of the states. */
    public QueueFilter within(Set<UnitState> some) {
        Set<UnitState> both = states.isEmpty() ? EnumSet.noneOf(UnitState.class) : EnumSet.copyOf(states);
        both.retainAll(some);
        return new QueueFilter(domain, both, sender, recipient, arrivedBefore, reply);
    }

    /** The same for messages that came before an instant. */
    public QueueFilter before(Instant limit) {
        Instant earlier = arrivedBefore.filter(limit::isAfter).orElse(limit);
        return new QueueFilter(domain, states, sender, recipient, Optional.of(earlier), reply);
    }

    /** True if a message may have such a unit. */
    public boolean matches(QueuedMessage message) {
        return sender.filter(wanted -> !isAt(message.reversePath().toString(), wanted))
                        .isEmpty()
                && arrivedBefore
                        .filter(limit -> !message.origin().arrival().isBefore(limit))
                        .isEmpty();
    }

    /** True if a unit of such a message is meant. */
    public boolean matches(Unit unit) {
        String address = unit.recipient().path().toString();
        return states.contains(unit.state())
                && domain.equals(domain.flatMap(d -> unit.recipient().path().domainName()))
                && recipient.filter(wanted -> !isAt(address, wanted)).isEmpty()
                && reply.filter(part -> !contains(unit, part)).isEmpty();
    }

    private static boolean contains(Unit unit, String part) {
        return unit.lastReply().orElse("").toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    /** @param path with angle brackets */
    private static boolean isAt(String path, String wanted) {
        String address = path.substring(1, path.length() - 1);
        String bare = wanted.startsWith("<") && wanted.endsWith(">") && wanted.length() > 1
                ? wanted.substring(1, wanted.length() - 1)
                : wanted;
        return bare.startsWith("@")
                ? address.toLowerCase(Locale.ROOT).endsWith(bare.toLowerCase(Locale.ROOT))
                : address.equalsIgnoreCase(bare);
    }

    /** In words: {@code domain=example.org state=held}. */
    @Override
    public String toString() {
        String words = Stream.of(
                        domain.map(d -> "domain=" + d),
                        states.equals(OPEN)
                                ? Optional.<String>empty()
                                : Optional.of("state="
                                        + states.stream()
                                                .sorted()
                                                .map(s -> s.name().toLowerCase(Locale.ROOT))
                                                .collect(Collectors.joining(","))),
                        sender.map(s -> "sender=" + s),
                        recipient.map(r -> "recipient=" + r),
                        arrivedBefore.map(t -> "arrivedBefore=" + t),
                        reply.map(r -> "reply=" + r))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" "));
        return words.isEmpty() ? "all" : words;
    }
}
