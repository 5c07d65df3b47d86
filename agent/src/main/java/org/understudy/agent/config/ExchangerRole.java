package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.understudy.probes.Role;

/** Role of an exchanger as written in the configuration. */
public enum ExchangerRole {
    @JsonProperty("primary")
    PRIMARY(Role.PRIMARY),
    @JsonProperty("backup")
    BACKUP(Role.BACKUP),
    @JsonProperty("gateway")
    GATEWAY(Role.GATEWAY),
    @JsonProperty("tarpit")
    TARPIT(Role.TARPIT);

    private final Role role;

    ExchangerRole(Role role) {
        this.role = role;
    }

    Role role() {
        return role;
    }
}
