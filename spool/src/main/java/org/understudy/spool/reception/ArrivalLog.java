package org.understudy.spool.reception;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Envelope;
import org.understudy.smtp.Recipient;
import org.understudy.spool.Arrival;
import org.understudy.spool.CommitResult;
import org.understudy.spool.MessageDraft;
import org.understudy.spool.MessageIntake;
import org.understudy.spool.Origin;
import org.understudy.spool.QueueId;
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
        return new LoggedDraft(next.begin(envelope, origin), envelope, origin);
    }

    private void note(Envelope envelope, Origin origin) {
        Arrival arrival = new Arrival(clock.instant(), origin.client());
        envelope.recipients().stream()
                .map(Recipient::path)
                .filter(path -> !canary.test(new RecipientRequest(path, envelope.reversePath(), origin.client())))
                .flatMap(path -> path.domainName().stream())
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

    private final class LoggedDraft implements MessageDraft {
        private final MessageDraft draft;
        private final Envelope envelope;
        private final Origin origin;

        LoggedDraft(MessageDraft draft, Envelope envelope, Origin origin) {
            this.draft = draft;
            this.envelope = envelope;
            this.origin = origin;
        }

        @Override
        public QueueId id() {
            return draft.id();
        }

        @Override
        public void write(byte[] octets, int offset, int length) {
            draft.write(octets, offset, length);
        }

        @Override
        public CommitResult commit() {
            CommitResult result = draft.commit();
            note(result);
            return result;
        }

        @Override
        public CompletableFuture<CommitResult> commit(Executor blocking) {
            return draft.commit(blocking).thenApply(result -> {
                note(result);
                return result;
            });
        }

        private void note(CommitResult result) {
            if (result == CommitResult.STORED) {
                ArrivalLog.this.note(envelope, origin);
            }
        }

        @Override
        public void discard() {
            draft.discard();
        }
    }
}
