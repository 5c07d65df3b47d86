package org.understudy.spool.recipients;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.understudy.smtp.Network;
import org.understudy.spool.OpenReason;
import org.understudy.spool.PrimaryState;
import org.understudy.spool.RecipientRequest;
import org.understudy.spool.RecipientSettings;
import org.understudy.spool.WhilePrimaryUp;

/**
 * Keeps the backup from being a side door: while the primary is certainly up, mail belongs there. Counts what goes through here
 * nevertheless. Thread-safe.
 */
final class AcceptanceGate {
    private final Predicate<RecipientRequest> canary;
    private final FirstContacts contacts = new FirstContacts();
    private final Map<OpenReason, LongAdder> accepted = new EnumMap<>(OpenReason.class);
    private final LongAdder deferred = new LongAdder();

    AcceptanceGate(Predicate<RecipientRequest> canary) {
        this.canary = canary;
        for (OpenReason reason : OpenReason.values()) {
            accepted.put(reason, new LongAdder());
        }
    }

    /** Whether mail may come in here: a reason while the primary is up, and none while it is not. */
    record Passage(boolean open, Optional<OpenReason> reason) {
        private static final Passage OUTAGE = new Passage(true, Optional.empty());
        private static final Passage CLOSED = new Passage(false, Optional.empty());

        private static Passage because(OpenReason reason) {
            return new Passage(true, Optional.of(reason));
        }
    }

    /** @param certain whether somebody sees the primary up, and nobody sees it down */
    Passage pass(
            RecipientRequest request, RecipientSettings settings, PrimaryState primary, boolean certain, Instant now) {
        if (primary != PrimaryState.UP) {
            return Passage.OUTAGE;
        } else if (canary.test(request)) {
            return Passage.because(OpenReason.CANARY);
        } else if (settings.whilePrimaryUp() == WhilePrimaryUp.ACCEPT) {
            return Passage.because(OpenReason.NOT_DEFERRED);
        } else if (!certain) {
            return Passage.because(OpenReason.NOT_CERTAIN);
        } else if (request.reversePath().isNull()) {
            return Passage.because(OpenReason.NULL_SENDER);
        } else if (Network.anyContains(settings.alwaysOpenTo(), request.client())) {
            return Passage.because(OpenReason.OPEN_NETWORK);
        }
        return contacts.cameAgain(request, now) ? Passage.because(OpenReason.CAME_AGAIN) : Passage.CLOSED;
    }

    /** A recipient was accepted. */
    void count(Passage passage) {
        passage.reason().ifPresent(reason -> counter(reason).increment());
    }

    void countDeferred() {
        deferred.increment();
    }

    private LongAdder counter(OpenReason reason) {
        LongAdder counter = accepted.get(reason);
        if (counter == null) {
            throw new IllegalStateException("nothing counts " + reason);
        }
        return counter;
    }

    long deferred() {
        return deferred.sum();
    }

    Map<OpenReason, Long> accepted() {
        Map<OpenReason, Long> sums = new EnumMap<>(OpenReason.class);
        accepted.forEach((reason, count) -> sums.put(reason, count.sum()));
        return sums;
    }
}
