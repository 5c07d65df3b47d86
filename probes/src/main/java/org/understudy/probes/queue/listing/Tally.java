package org.understudy.probes.queue.listing;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.understudy.probes.QueueDetails;
import org.understudy.probes.QueueRetention;
import org.understudy.probes.QueueScope;
import org.understudy.probes.QueueSnapshot;
import org.understudy.probes.queue.Words;

/**
 * Counts the messages of a listing that have a recipient in the domain, and are no canaries. What is said between {@link #begin} and
 * {@link #end} is of one message. Confined to one thread.
 */
final class Tally {
    /** More kinds of states than any server has are not told apart. */
    private static final int MOST_STATES = 16;

    private final QueueScope scope;
    private final Instant now;
    private final Commonest reasons = new Commonest();
    private final Map<String, Long> states = new LinkedHashMap<>();
    private long messages;
    private long withoutSender;
    private long queued;
    private long bytes;
    private long held;
    private long unreadable;
    private long expiring;
    private boolean sized = true;
    private Optional<Instant> oldest = Optional.empty();
    private Optional<Instant> overdueSince = Optional.empty();
    /** The last of the next attempts; there is one if the listing says of any message when it is tried next. */
    private Optional<Instant> lastAttempt = Optional.empty();

    private String state = "";
    private boolean onHold;
    private boolean toExpire;
    private boolean fromCanary;
    private boolean fromNobody;
    private long recipients;
    private long canaries;
    private OptionalLong size = OptionalLong.empty();
    private Optional<Instant> arrival = Optional.empty();
    private Optional<Instant> due = Optional.empty();

    Tally(QueueScope scope, Instant now) {
        this.scope = scope;
        this.now = now;
    }

    Instant now() {
        return now;
    }

    /** A message begins. */
    void begin() {
        state = "";
        onHold = false;
        toExpire = false;
        fromCanary = false;
        fromNobody = false;
        recipients = 0;
        canaries = 0;
        size = OptionalLong.empty();
        arrival = Optional.empty();
        due = Optional.empty();
    }

    /** In the server's own words. */
    void state(String name) {
        state = name;
    }

    /** It waits because somebody said so. */
    void hold() {
        onHold = true;
    }

    void arrival(Instant time) {
        arrival = Optional.of(time);
    }

    /** When it is to be tried next. A listing in which that is said of one message says it of all. */
    void due(Instant time) {
        due = Optional.of(time);
    }

    void size(long octets) {
        size = OptionalLong.of(Math.max(0, octets));
    }

    /** @param address empty for the null reverse-path */
    void sender(String address) {
        fromCanary = scope.isCanary(address);
        fromNobody = address.isEmpty();
    }

    /**
     * A recipient that still waits.
     *
     * @param reason why, in the server's words, or empty
     */
    void recipient(String address, String reason) {
        if (!scope.has(address)) {
            return;
        }
        recipients++;
        if (scope.isCanary(address)) {
            canaries++;
        } else {
            reasons.add(Words.brief(reason));
        }
    }

    /** All recipients, where they are not listed, are in this domain. */
    void recipientDomain(String domain) {
        recipient("@" + domain, "");
    }

    /** Somebody has ordered that it goes back to its sender at the next attempt. */
    void expiring() {
        toExpire = true;
    }

    /** The server says that it cannot read the message itself, whosever it is. */
    void unreadable() {
        unreadable++;
    }

    /** The message is complete. */
    void end() {
        messages++;
        withoutSender += fromNobody ? 1 : 0;
        if (recipients == 0 || fromCanary || canaries == recipients) {
            return;
        }
        if (onHold) {
            held++;
            return;
        }
        expiring += toExpire ? 1 : 0;
        queued++;
        bytes += size.orElse(0);
        sized &= size.isPresent();
        if (!state.isEmpty() && (states.containsKey(state) || states.size() < MOST_STATES)) {
            states.merge(state, 1L, Long::sum);
        }
        oldest = earlier(oldest, arrival);
        overdueSince = earlier(overdueSince, due.filter(time -> !time.isAfter(now)));
        lastAttempt =
                due.filter(time -> lastAttempt.filter(time::isBefore).isEmpty()).or(() -> lastAttempt);
    }

    private static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
        return a.filter(first -> b.filter(first::isAfter).isEmpty()).or(() -> b);
    }

    /**
     * What was counted.
     *
     * @param complaint of the program that listed it, or empty
     */
    QueueSnapshot snapshot(String complaint) {
        Optional<Instant> upSince = scope.sight().upSince();
        return new QueueSnapshot(
                upSince.isPresent(),
                queued,
                0,
                bytes,
                oldest,
                upSince,
                reasons.text(),
                false,
                "",
                new QueueRetention(scope.retention(), 0),
                details(complaint));
    }

    private QueueDetails details(String complaint) {
        Map<String, String> facts = new LinkedHashMap<>();
        if (!states.isEmpty()) {
            facts.put(
                    "states",
                    states.entrySet().stream()
                            .map(entry -> entry.getKey() + " " + entry.getValue())
                            .collect(Collectors.joining(", ")));
        }
        if (!reasons.text().isEmpty()) {
            facts.put("most frequent reason", reasons.text());
        }
        if (expiring > 0) {
            facts.put("returned by order", expiring + " message(s), at the next attempt");
        }
        if (unreadable > 0) {
            facts.put("unreadable", unreadable + " message(s), whosever they are");
        }
        if (!complaint.isEmpty()) {
            facts.put("complaint", complaint);
        }
        return new QueueDetails(
                lastAttempt.map(any -> overdue()),
                lastAttempt.map(last -> last.isBefore(now) ? Duration.ZERO : Duration.between(now, last)),
                OptionalLong.of(held),
                sized,
                Optional.empty(),
                Optional.of(new QueueDetails.Senders(withoutSender, messages)),
                facts);
    }

    private Duration overdue() {
        return overdueSince.map(since -> Duration.between(since, now)).orElse(Duration.ZERO);
    }
}
