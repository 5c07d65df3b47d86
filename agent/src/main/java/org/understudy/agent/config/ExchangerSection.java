package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.Exchanger;
import org.understudy.smtp.DomainName;

/** One mail exchanger as it should be. */
public record ExchangerSection(
        @NotBlank @JsonPropertyDescription("The name in the MX record.")
        String host,

        @NotNull
        @JsonPropertyDescription("primary (delivers to the mailboxes), backup (keeps and forwards), gateway (filters in"
                + " front of the primary) or tarpit (answers nobody on purpose).")
        ExchangerRole role,

        @JsonPropertyDescription("TCP port; anything but 25 only in a lab. Default 25.")
        Integer port) {
    public ExchangerSection(String host, ExchangerRole role, @Nullable Integer port) {
        this.host = host;
        this.role = role;
        this.port = port == null ? 25 : port;
    }

    /** As the probes want it. */
    public Exchanger exchanger() {
        return new Exchanger(DomainName.parse(host), role.role(), port);
    }
}
