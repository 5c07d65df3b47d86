package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.understudy.smtp.DomainName;

/** Another place from which somebody looks at the same domains, and says here what is seen there. */
public record VantageSection(
        @NotBlank @JsonPropertyDescription("Its name, in the ids of its probes: letters, digits and hyphens.")
        String name,

        @JsonPropertyDescription(
                "What it proves itself with, a secret of 16 characters at least; write ${NAME} to take it from the"
                        + " environment.")
        String token,

        @JsonPropertyDescription("File whose first line is the token; instead of token.")
        String tokenFile,

        @JsonPropertyDescription("Domains that it looks at. Default: all.")
        List<String> domains,

        @JsonPropertyDescription(
                "How often it says something; after three times as long its silence is told. Default 5m.")
        Duration interval) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final int SHORTEST_TOKEN = 16;

    public VantageSection(
            String name,
            @Nullable String token,
            @Nullable String tokenFile,
            @Nullable List<String> domains,
            @Nullable Duration interval) {
        this.name = name;
        this.token = token == null ? "" : token;
        this.tokenFile = tokenFile == null ? "" : tokenFile;
        this.domains = domains == null ? List.of() : List.copyOf(domains);
        this.interval = interval == null ? Duration.minutes(5) : interval;
        if (name != null && !name.isBlank() && !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("vantages: \"" + name
                    + "\" is no name for a vantage: write lower-case letters, digits and hyphens, as frankfurt-2");
        }
        if (this.interval.toSeconds() < 1) {
            throw new IllegalArgumentException("vantages: the interval of " + name + " must be a second at least");
        }
        this.domains.forEach(DomainName::parse);
    }

    /** True if it looks at the domain. */
    public boolean looksAt(DomainName domain) {
        return domains.isEmpty() || domains.stream().map(DomainName::parse).anyMatch(domain::equals);
    }

    /**
     * The token, from wherever it is given.
     *
     * @throws InvalidConfigurationException if there is none, or one that is easily guessed
     */
    public String secret() {
        String secret = Secrets.resolve("vantages.token", token, tokenFile);
        if (secret.length() < SHORTEST_TOKEN) {
            throw new InvalidConfigurationException("vantages.token of " + name
                    + " is too short: make one of 16 characters at least, as with: openssl rand -hex 16");
        }
        return secret;
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "vantage " + name;
    }
}
