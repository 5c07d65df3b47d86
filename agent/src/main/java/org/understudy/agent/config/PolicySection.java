package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.PolicySettings;
import org.understudy.smtp.DomainName;

/** How published policies are looked at: MTA-STS, TLS reporting, SPF, block lists. */
public record PolicySection(
        @JsonPropertyDescription("Interval of the published policies. Default 15m.")
        Duration interval,

        @Min(1)
        @Max(65535)
        @JsonPropertyDescription("HTTPS port of MTA-STS policy hosts; anything but 443 only in a lab. Default 443.")
        Integer port,

        @JsonPropertyDescription(
                "PEM file of the authorities that may have issued the certificates of policy hosts. Default: those that the"
                        + " Java runtime trusts.")
        Optional<Path> caFile,

        @JsonPropertyDescription(
                "DNS block lists that backups are looked up in, as bl.example.net; their owners may ask for a contract."
                        + " Default none.")
        List<String> blockLists,

        @JsonPropertyDescription("Those of them that the primary refuses mail by. Default none.")
        List<String> primaryBlockLists) {
    public PolicySection(
            @Nullable Duration interval,
            @Nullable Integer port,
            Optional<Path> caFile,
            @Nullable List<String> blockLists,
            @Nullable List<String> primaryBlockLists) {
        this.interval = interval == null ? Duration.minutes(15) : interval;
        this.port = port == null ? 443 : port;
        this.caFile = caFile;
        this.blockLists = blockLists == null ? List.of() : List.copyOf(blockLists);
        this.primaryBlockLists = primaryBlockLists == null ? List.of() : List.copyOf(primaryBlockLists);
        this.blockLists.forEach(DomainName::parse);
        this.primaryBlockLists.stream()
                .filter(list -> !this.blockLists.contains(list))
                .findFirst()
                .ifPresent(list -> {
                    throw new IllegalArgumentException(
                            "primaryBlockLists has " + list + ", which is not in blockLists: add it there");
                });
    }

    /** All defaults. */
    public static PolicySection standard() {
        return new PolicySection(null, null, Optional.empty(), null, null);
    }

    /**
     * As the probes want it.
     *
     * @param quietBackups that send no notices to strangers
     * @throws InvalidConfigurationException if the authorities cannot be read
     */
    public PolicySettings settings(Set<DomainName> quietBackups) {
        return new PolicySettings(
                port,
                caFile.map(file -> AuthorityFile.read("policy.caFile", file)).orElse(List.of()),
                blockLists.stream().map(DomainName::parse).toList(),
                primaryBlockLists.stream().map(DomainName::parse).collect(Collectors.toSet()),
                quietBackups);
    }
}
