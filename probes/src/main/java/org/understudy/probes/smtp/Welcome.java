package org.understudy.probes.smtp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.probes.VantageStanding;
import org.understudy.probes.VantageStanding.Refusal;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Reply;
import org.understudy.smtp.SmtpFailure;
import org.understudy.smtp.SmtpStage;

/** How each server receives us: whom it refuses for good what every sender may ask. Thread-safe. */
final class Welcome {
    private static final Duration RECENT = Duration.ofHours(1);
    /** What every sender may ask. */
    private static final Set<Topic> ORDINARY =
            EnumSet.of(Topic.SENDER, Topic.KNOWN, Topic.POSTMASTER, Topic.NULL_SENDER);

    private final Clock clock;
    /** When each was used last. */
    private final Map<InetAddress, Instant> own = new ConcurrentHashMap<>();

    private final Map<InetSocketAddress, Heard> servers = new ConcurrentHashMap<>();

    Welcome(Clock clock) {
        this.clock = clock;
    }

    private record Heard(Instant at, Optional<Refusal> refusal) {}

    void saw(DomainName domain, HostAnswers round) {
        for (AddressAnswers address : round.addresses()) {
            address.ours().ifPresent(ours -> own.put(ours, clock.instant()));
            if (address.greeting().isPresent()) {
                servers.put(
                        new InetSocketAddress(
                                address.endpoint().address(), address.endpoint().port()),
                        new Heard(clock.instant(), refusal(domain, address)));
            }
        }
    }

    VantageStanding standing() {
        Instant since = clock.instant().minus(RECENT);
        servers.values().removeIf(heard -> heard.at().isBefore(since));
        own.values().removeIf(used -> used.isBefore(since));
        List<Heard> all = List.copyOf(servers.values());
        return new VantageStanding(
                own.keySet(),
                all.size(),
                all.stream().flatMap(h -> h.refusal().stream()).toList());
    }

    private static Optional<Refusal> refusal(DomainName domain, AddressAnswers address) {
        Optional<Reply> atGreeting = address.failure()
                .filter(f -> f.kind() == SmtpFailure.Kind.REPLY && f.stage() == SmtpStage.GREETING)
                .flatMap(SmtpFailure::reply)
                .filter(Reply::isPermanent);
        Optional<Reply> later = address.asked().stream()
                .filter(asked -> ORDINARY.contains(asked.topic()))
                .map(Asked::reply)
                .filter(reply -> reply.isPermanent() && address.standing(reply) == Standing.AGAINST_US)
                .findFirst();
        return atGreeting
                .or(() -> later)
                .map(reply -> new Refusal(
                        address.endpoint().toString(),
                        address.endpoint().address(),
                        domain,
                        atGreeting.isPresent(),
                        address.standing(reply) == Standing.AGAINST_US,
                        QuotedAddresses.in(reply.text()),
                        reply.toString()));
    }
}
