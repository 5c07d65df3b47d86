package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.Network;

/** Clients that may speak for others. */
public record TrustedSection(
        @JsonPropertyDescription("Their networks or addresses, as 192.0.2.0/24 or 2001:db8::25. Default none.")
        List<String> trusted) {
    static final TrustedSection NONE = new TrustedSection(List.of());

    public TrustedSection(@Nullable List<String> trusted) {
        this.trusted = trusted == null ? List.of() : trusted;
        this.trusted.forEach(Network::parse);
    }

    List<Network> networks() {
        return trusted.stream().map(Network::parse).toList();
    }
}
