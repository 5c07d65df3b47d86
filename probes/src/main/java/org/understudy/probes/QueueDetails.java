package org.understudy.probes;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What only some queues tell of themselves. Immutable.
 *
 * @param overdue for how long the next attempt of some message has been due, zero if none is; empty if that is not known
 * @param nextAttempt how long the message that waits longest for its next attempt still waits; zero if all are due; empty if that is
 *     not known
 * @param held messages that wait because somebody said so; they are not among those that are queued
 * @param sized whether the octets of what is queued are known
 * @param room where the mail lies, if that is known
 * @param senders whether messages have one, if that is known
 * @param facts label to text worth showing, in order
 */
public record QueueDetails(
        Optional<Duration> overdue,
        Optional<Duration> nextAttempt,
        OptionalLong held,
        boolean sized,
        Optional<Room> room,
        Optional<Senders> senders,
        Map<String, String> facts) {
    public static final QueueDetails NONE = new QueueDetails(
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            true,
            Optional.empty(),
            Optional.empty(),
            Map.of());

    public QueueDetails {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    }

    /**
     * The place that a queue has.
     *
     * @param taken octets of all mail in it, whatever the domain
     * @param left octets before no more is taken
     */
    public record Room(long taken, long left) {}

    /**
     * Messages in the queue, whatever the domain.
     *
     * @param none those with the null reverse-path: notices of mail systems
     */
    public record Senders(long none, long messages) {}

    /** Nothing but what is due, and a place. */
    public static QueueDetails of(Duration overdue, Room room) {
        return new QueueDetails(
                Optional.of(overdue),
                Optional.empty(),
                OptionalLong.empty(),
                true,
                Optional.of(room),
                Optional.empty(),
                Map.of());
    }
}
