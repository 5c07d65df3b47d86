package org.understudy.probes.tls;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.understudy.probes.smtp.SessionGate;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.StartTlsTrial;
import org.understudy.smtp.StartTlsTrial.Manner;
import org.understudy.smtp.StartTlsTrial.Outcome;

/** The last handshake with each address, so that several probes can look at what one of them has seen. Thread-safe. */
public final class Handshakes {
    /** For who wants to know how it is now. */
    static final Duration FRESH = Duration.ofMinutes(1);
    /** For who can look again if in doubt. */
    static final Duration RECENT = Duration.ofHours(2);

    private final SmtpClientSettings client;
    private final SessionGate gate;
    private final Clock clock;
    private final Map<SmtpEndpoint, Last> all = new ConcurrentHashMap<>();

    /** @param gate through which each session goes */
    public Handshakes(SmtpClientSettings client, SessionGate gate, Clock clock) {
        this.client = client;
        this.gate = gate;
        this.clock = clock;
    }

    /** Looks at an address when it is its turn to have a session, or does something else when the deadline passes first. */
    <T> T inTurn(SmtpEndpoint endpoint, Deadline deadline, Supplier<T> look, Supplier<T> tooLate) {
        return gate.through(endpoint, deadline, look, tooLate);
    }

    /**
     * What came of a handshake as sessions have it; others that ask for the same address wait for it. Called in turn.
     *
     * @param age how old the answer may be
     */
    Outcome usual(SmtpEndpoint endpoint, Duration age, Deadline deadline) {
        all.values().removeIf(last -> last.at.plus(RECENT).isBefore(clock.instant()));
        return all.computeIfAbsent(endpoint, e -> new Last()).look(endpoint, age, deadline);
    }

    private final class Last {
        private volatile Instant at = clock.instant();
        private Optional<Outcome> outcome = Optional.empty();

        private synchronized Outcome look(SmtpEndpoint endpoint, Duration age, Deadline deadline) {
            if (outcome.isPresent() && !at.plus(age).isBefore(clock.instant())) {
                return outcome.get();
            }
            at = clock.instant();
            Outcome seen = StartTlsTrial.run(endpoint, client, Manner.USUAL, deadline);
            boolean cut = seen.failure()
                    .filter(f -> f.kind() == SmtpFailure.Kind.DEADLINE)
                    .isPresent();
            // Who comes next may have more time.
            outcome = cut ? Optional.empty() : Optional.of(seen);
            return seen;
        }
    }
}
