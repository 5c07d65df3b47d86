package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.common.net.HostAndPort;
import io.dropwizard.util.Duration;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.DnsSettings;

/** Whom DNS questions go to. */
public record DnsSection(
        @JsonPropertyDescription(
                "Recursive resolvers as address or address:port, asked in order. Default: those of the system.")
        List<HostAndPort> resolvers,

        @JsonPropertyDescription("Port of authoritative name servers; anything but 53 only in a lab. Default 53.")
        Integer authoritativePort,

        @JsonPropertyDescription("How long one UDP try may take; there are two per server, then TCP. Default 1500ms.")
        Duration tryTimeout) {
    public DnsSection(
            @Nullable List<HostAndPort> resolvers, @Nullable Integer authoritativePort, @Nullable Duration tryTimeout) {
        this.resolvers = resolvers == null ? List.of() : resolvers;
        this.authoritativePort = authoritativePort == null ? 53 : authoritativePort;
        this.tryTimeout = tryTimeout == null ? Duration.milliseconds(1500) : tryTimeout;
    }

    /** As the probes want it. */
    public DnsSettings settings() {
        return new DnsSettings(
                resolvers.stream()
                        .map(r -> new InetSocketAddress(r.getHost(), r.getPortOrDefault(53)))
                        .toList(),
                authoritativePort,
                tryTimeout.toJavaDuration());
    }
}
