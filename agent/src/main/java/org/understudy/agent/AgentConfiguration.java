package org.understudy.agent;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.dropwizard.core.Configuration;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.understudy.agent.config.AgentSection;
import org.understudy.agent.config.AlertsSection;
import org.understudy.agent.config.DnsSection;
import org.understudy.agent.config.DomainSection;
import org.understudy.agent.config.InvalidConfigurationException;
import org.understudy.agent.config.PolicySection;
import org.understudy.agent.config.ProbesSection;
import org.understudy.agent.config.SpoolSection;
import org.understudy.agent.config.VantageSection;
import org.understudy.agent.lab.LabSection;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.Role;
import org.understudy.smtp.DomainName;
import org.understudy.spool.NoticePolicy;

/** The whole configuration file: the sections of Understudy beside those of Dropwizard. Immutable once read. */
public final class AgentConfiguration extends Configuration {

    @Valid
    @NotNull
    @JsonProperty
    @JsonPropertyDescription("The agent itself.")
    private AgentSection agent = new AgentSection(null, null, null, null, null, null);

    @Valid
    @NotNull
    @JsonProperty
    @JsonPropertyDescription("Whom DNS questions go to.")
    private DnsSection dns = new DnsSection(null, null, null, null, null, Optional.empty());

    @Valid
    @NotNull
    @JsonProperty
    @JsonPropertyDescription("The mail domains to watch.")
    private List<DomainSection> domains = List.of();

    @Valid
    @NotNull
    @JsonProperty
    @JsonPropertyDescription("How often is looked, and how sure one must be.")
    private ProbesSection probes =
            new ProbesSection(null, null, null, null, null, null, null, null, null, null, null, null, null);

    @Valid
    @NotNull
    @JsonProperty
    @JsonPropertyDescription("How published policies are looked at: MTA-STS, TLS reporting, SPF, block lists.")
    private PolicySection policy = PolicySection.standard();

    @Valid
    @NotNull
    @JsonProperty
    @JsonPropertyDescription("The bundled backup MX.")
    private SpoolSection spool = SpoolSection.disabled();

    @Valid
    @NotNull
    @JsonProperty
    @JsonPropertyDescription("Who is told, and how.")
    private AlertsSection alerts = new AlertsSection(null, null, null, Optional.empty());

    @NotNull
    @JsonProperty
    @JsonPropertyDescription("Other places that look at the same domains, and say here what they see.")
    private List<@Valid VantageSection> vantages = List.of();

    @Valid
    @NotNull
    @JsonProperty
    @JsonPropertyDescription("A complete small mail world on loopback, to try things in. Off unless enabled.")
    private LabSection lab =
            new LabSection(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    public AgentSection agent() {
        return agent;
    }

    public DnsSection dns() {
        return dns;
    }

    public List<DomainSection> domains() {
        return domains;
    }

    public ProbesSection probes() {
        return probes;
    }

    public PolicySection policy() {
        return policy;
    }

    /** How published policies are looked at, and what is known of our own backup. */
    public PolicySettings policySettings() {
        return policy.settings(quietBackups());
    }

    private Set<DomainName> quietBackups() {
        boolean quiet = spool.enabled() && spool.relay().stream().allMatch(relay -> relay.dsn() == NoticePolicy.NEVER);
        return quiet ? Set.of(spoolName()) : Set.of();
    }

    /** By which name the spool is known. */
    public DomainName spoolName() {
        return DomainName.parse(spool.hostName().isEmpty() ? agent.name() : spool.hostName());
    }

    /** A domain as the probes want it. The bundled spool keeps what the primary refuses, and tells no forged sender. */
    public MailDomain mailDomain(DomainSection section) {
        MailDomain domain = section.mailDomain();
        boolean oursOnly = spool.enabled()
                && spool.routes().containsKey(domain.name())
                && domain.exchangers(Role.BACKUP).stream()
                        .allMatch(e -> e.host().equals(spoolName()));
        return oursOnly
                ? new MailDomain(
                        domain.name(),
                        domain.tiers(),
                        domain.intent().withSmtp(domain.intent().smtp().holdingUnknownRecipients()))
                : domain;
    }

    public SpoolSection spool() {
        return spool;
    }

    public AlertsSection alerts() {
        return alerts;
    }

    public List<VantageSection> vantages() {
        return vantages;
    }

    public LabSection lab() {
        return lab;
    }

    /**
     * Looks at what no section can see by itself: names that have to differ, and those that have to be known elsewhere.
     *
     * @throws InvalidConfigurationException if a domain or a vantage is there twice, or a vantage looks at a domain that is not
     *     watched
     */
    public void requireCoherence() {
        List<DomainName> watched =
                domains.stream().map(domain -> DomainName.parse(domain.name())).toList();
        repeated(watched).ifPresent(name -> {
            throw new InvalidConfigurationException("domains: " + name + " is there twice: take one of the two out");
        });
        repeated(vantages.stream().map(VantageSection::name).toList()).ifPresent(name -> {
            throw new InvalidConfigurationException(
                    "vantages: two are named " + name + ": give each place a name of its own");
        });
        for (VantageSection place : vantages) {
            place.domains().stream()
                    .filter(name -> !watched.contains(DomainName.parse(name)))
                    .findFirst()
                    .ifPresent(stranger -> {
                        throw new InvalidConfigurationException("vantages: " + place.name() + " looks at " + stranger
                                + ", which is not among domains: add it there, or take it out here");
                    });
        }
    }

    private static <T> Optional<T> repeated(List<T> names) {
        Set<T> seen = new HashSet<>();
        return names.stream().filter(name -> !seen.add(name)).findFirst();
    }
}
