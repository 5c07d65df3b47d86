package org.understudy.agent.config;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.understudy.probes.DeclaredIntent;
import org.understudy.probes.MailDomain;
import org.understudy.smtp.DomainName;

/** One mail domain and what should be true of it. */
public record DomainSection(
        @NotBlank @JsonPropertyDescription("The domain behind the @.")
        String name,

        @JsonPropertyDescription(
                "Exchangers in the order in which senders should try them; those of one tier share a preference.")
        List<@NotEmpty List<@Valid ExchangerSection>> tiers,

        @Valid @JsonPropertyDescription("Canaries; without them nothing is proved.")
        Optional<CanarySection> canary,

        @JsonPropertyDescription("false for a domain that takes no mail; it has no tiers then. Default true.")
        Boolean mail,

        @JsonPropertyDescription("true for a domain that has no backup on purpose. Default false.")
        Boolean noBackup,

        @JsonPropertyDescription("true if backups take mail beside the primary, in any order. Default false.")
        Boolean activeActive,

        @JsonPropertyDescription("In this time senders should follow a change of the records. Default 24h.")
        Duration recoveryObjective,

        @JsonPropertyDescription("Further domains that should have the same MX records. Default none.")
        List<String> subdomains) {
    public DomainSection(
            String name,
            @Nullable List<@NotEmpty List<@Valid ExchangerSection>> tiers,
            Optional<CanarySection> canary,
            @Nullable Boolean mail,
            @Nullable Boolean noBackup,
            @Nullable Boolean activeActive,
            @Nullable Duration recoveryObjective,
            @Nullable List<String> subdomains) {
        this.name = name;
        this.tiers = tiers == null ? List.of() : tiers;
        this.canary = canary;
        this.mail = mail == null || mail;
        this.noBackup = noBackup != null && noBackup;
        this.activeActive = activeActive != null && activeActive;
        this.recoveryObjective = recoveryObjective == null ? Duration.hours(24) : recoveryObjective;
        this.subdomains = subdomains == null ? List.of() : subdomains;
        this.subdomains.forEach(DomainName::parse);
        contradiction().ifPresent(c -> {
            throw new IllegalArgumentException(c);
        });
    }

    private Optional<String> contradiction() {
        if (mail && tiers.isEmpty()) {
            return Optional.of(name + " has no tiers: name its exchangers, or write mail: false");
        }
        if (!mail && !(tiers.isEmpty() && canary.isEmpty())) {
            return Optional.of(name + " takes no mail (mail: false), and yet has tiers or a canary: take them out");
        }
        if (recoveryObjective.toNanoseconds() <= 0) {
            return Optional.of("recoveryObjective of " + name + " must be longer than nothing");
        }
        Optional<ExchangerSection> backup = tiers.stream()
                .flatMap(List::stream)
                .filter(e -> e.role() == ExchangerRole.BACKUP)
                .findFirst();
        return backup.filter(b -> noBackup)
                .map(b -> name + " has no backup (noBackup: true), and yet " + b.host()
                        + " is declared as one: take one of the two out");
    }

    /** As the probes want it. */
    public MailDomain mailDomain() {
        return new MailDomain(
                DomainName.parse(name),
                tiers.stream()
                        .map(tier ->
                                tier.stream().map(ExchangerSection::exchanger).toList())
                        .toList(),
                new DeclaredIntent(
                        mail,
                        noBackup,
                        activeActive,
                        recoveryObjective.toJavaDuration(),
                        subdomains.stream().map(DomainName::parse).toList()));
    }
}
