package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.common.net.HostAndPort;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.ServerTrust;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.NextHop;

/** The way out for notices to senders. */
public record ReturnRelaySection(
        @NotNull
        @JsonPropertyDescription(
                "The mail server that takes them, for every domain, as host or host:port. It must know this host by its address:"
                        + " there is no login.")
        HostAndPort nextHop,

        @JsonPropertyDescription("NONE, OPPORTUNISTIC, REQUIRED or VERIFIED. Default OPPORTUNISTIC.")
        TlsPolicy tls) {
    public ReturnRelaySection(HostAndPort nextHop, @Nullable TlsPolicy tls) {
        this.nextHop = nextHop;
        this.tls = tls == null ? TlsPolicy.OPPORTUNISTIC : tls;
    }

    NextHop next() {
        return new NextHop(nextHop.getHost(), nextHop.getPortOrDefault(25), tls, ServerTrust.STANDARD, false);
    }
}
