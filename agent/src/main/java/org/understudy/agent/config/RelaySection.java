package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.google.common.net.HostAndPort;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.TlsPolicy;
import org.understudy.spool.NextHop;

/** A domain the spool takes mail for. */
public record RelaySection(
        @NotBlank @JsonPropertyDescription("The domain behind the @, exactly; subdomains are domains of their own.")
        String domain,

        @NotNull
        @JsonPropertyDescription(
                "The primary, as host or host:port. Never looked up in MX records: those name this spool too.")
        HostAndPort nextHop,

        @JsonPropertyDescription("NONE, OPPORTUNISTIC or REQUIRED. Default OPPORTUNISTIC.")
        TlsPolicy tls) {
    public RelaySection(String domain, HostAndPort nextHop, @Nullable TlsPolicy tls) {
        this.domain = domain;
        this.nextHop = nextHop;
        this.tls = tls == null ? TlsPolicy.OPPORTUNISTIC : tls;
    }

    NextHop next() {
        return new NextHop(nextHop.getHost(), nextHop.getPortOrDefault(25), tls);
    }
}
