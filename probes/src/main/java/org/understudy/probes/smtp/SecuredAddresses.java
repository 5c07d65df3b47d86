package org.understudy.probes.smtp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.understudy.smtp.SmtpEndpoint;

/**
 * At which addresses of an exchanger STARTTLS has worked lately: a handshake costs both sides more than all the rest of a short
 * session, so it is not made every minute. Thread-safe.
 */
final class SecuredAddresses {
    static final Function<SmtpEndpoint, Optional<AddressAnswers>> NONE = endpoint -> Optional.empty();

    /** How long what was seen of the handshake counts. */
    private static final Duration COUNTS = Duration.ofMinutes(15);

    private final Clock clock;
    private final ConcurrentHashMap<SmtpEndpoint, Seen> seen = new ConcurrentHashMap<>();

    SecuredAddresses(Clock clock) {
        this.clock = clock;
    }

    private record Seen(Instant handshake, AddressAnswers answers) {}

    /** What was said in the last session with a handshake that worked, as long as that counts. */
    Optional<AddressAnswers> known(SmtpEndpoint endpoint) {
        return Optional.ofNullable(seen.get(endpoint))
                .filter(s -> s.handshake().plus(COUNTS).isAfter(clock.instant()))
                .map(Seen::answers);
    }

    void saw(HostAnswers round) {
        for (AddressAnswers address : round.addresses()) {
            if (address.assumesTls()) {
                continue;
            }
            if (address.tls().isPresent() && address.tlsFailure().isEmpty()) {
                seen.put(address.endpoint(), new Seen(round.at(), address));
            } else {
                seen.remove(address.endpoint());
            }
        }
    }
}
