package org.understudy.probes.smtp;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.understudy.probes.ProbeLoad;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;

/** What the probes have asked of each server lately, whatever the domain. Thread-safe. */
final class Footprints {
    private final Clock clock;
    private final Map<InetSocketAddress, Footprint> servers = new ConcurrentHashMap<>();

    Footprints(Clock clock) {
        this.clock = clock;
    }

    void talked(SmtpEndpoint endpoint, Toll toll) {
        of(endpoint).talked(endpoint.host(), clock.instant(), toll);
    }

    void notOpened(SmtpEndpoint endpoint, SmtpFailure failure) {
        of(endpoint).notOpened(endpoint.host(), clock.instant(), failure);
    }

    private Footprint of(SmtpEndpoint endpoint) {
        return servers.computeIfAbsent(
                new InetSocketAddress(endpoint.address(), endpoint.port()), address -> new Footprint(endpoint));
    }

    List<ProbeLoad> all() {
        return servers.values().stream()
                .map(footprint -> footprint.load(clock.instant()))
                .sorted(Comparator.comparing(ProbeLoad::toString))
                .toList();
    }
}
