package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import java.util.Optional;
import org.understudy.probes.MailDomain;
import org.understudy.smtp.DomainName;

/** One mail domain and what should be true of it. */
public record DomainSection(
        @NotBlank @JsonPropertyDescription("The domain behind the @.")
        String name,

        @NotEmpty
        @JsonPropertyDescription(
                "Exchangers in the order in which senders should try them; those of one tier share a preference.")
        List<@NotEmpty List<@Valid ExchangerSection>> tiers,

        @Valid @JsonPropertyDescription("Canaries; without them nothing is proved.")
        Optional<CanarySection> canary) {
    public DomainSection(
            String name, List<@NotEmpty List<@Valid ExchangerSection>> tiers, Optional<CanarySection> canary) {
        this.name = name;
        this.tiers = tiers;
        this.canary = canary;
    }

    /** As the probes want it. */
    public MailDomain mailDomain() {
        return new MailDomain(
                DomainName.parse(name),
                tiers.stream()
                        .map(tier ->
                                tier.stream().map(ExchangerSection::exchanger).toList())
                        .toList());
    }
}
