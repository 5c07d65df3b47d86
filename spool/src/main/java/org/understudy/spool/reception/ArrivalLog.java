package org.understudy.spool.reception;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.spool.Arrival;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.Origin;
import org.understudy.spool.RecipientRequest;

/** An intake that remembers what mail came last for each domain; canaries are none. Forgets everything when the process ends. Thread-safe. */
public final class ArrivalLog implements MessageIntake {
    private static final int KEPT = 100;

    private final MessageIntake next;
    private final Predicate<RecipientRequest> canary;
    private final Clock clock;
    private final Map<DomainName, Deque<Arrival>> arrivals = new ConcurrentHashMap<>();

    /** @param canary recognises recipients of canaries */
    public ArrivalLog(MessageIntake next, Predicate<RecipientRequest> canary, Clock clock) {
        this.next = next;
        this.canary = canary;
        this.clock = clock;
    }

    /** The newest of a domain, at most 100, oldest first. */
    public List<Arrival> latest(DomainName domain) {
        Deque<Arrival> known = arrivals.get(domain);
        if (known == null) {
            return List.of();
        }
        synchronized (known) {
            return List.copyOf(known);
        }
    }

    @Override
    public MessageDraft begin(Envelope envelope, Origin origin) {
        return next.begin(envelope, origin).onceStored(() -> note(envelope, origin));
    }

    private void note(Envelope envelope, Origin origin) {
        Arrival arrival = new Arrival(clock.instant(), origin.client());
        RecipientRequest.all(envelope, origin).stream()
                .filter(canary.negate())
                .flatMap(request -> request.recipient().domainName().stream())
                .distinct()
                .forEach(domain -> add(domain, arrival));
    }

    private void add(DomainName domain, Arrival arrival) {
        Deque<Arrival> known = arrivals.computeIfAbsent(domain, d -> new ArrayDeque<>());
        synchronized (known) {
            known.add(arrival);
            if (known.size() > KEPT) {
                known.remove();
            }
        }
    }
}
