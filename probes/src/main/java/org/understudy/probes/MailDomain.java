package org.understudy.probes;

import java.util.List;
import org.understudy.smtp.DomainName;

/**
 * A mail domain and the exchangers it should have: the contract that DNS is compared with.
 *
 * @param name the domain behind the {@code @}
 * @param tiers exchangers in the order in which senders should try them; those of one tier share a preference
 * @param intent what is meant to be so
 */
public record MailDomain(DomainName name, List<List<Exchanger>> tiers, DeclaredIntent intent) {
    public MailDomain {
        tiers = tiers.stream().map(List::copyOf).toList();
    }

    public MailDomain(DomainName name, List<List<Exchanger>> tiers) {
        this(name, tiers, DeclaredIntent.STANDARD);
    }

    /** All exchangers, most preferred first. */
    public List<Exchanger> exchangers() {
        return tiers.stream().flatMap(List::stream).toList();
    }

    public List<Exchanger> exchangers(Role role) {
        return exchangers().stream().filter(e -> e.role() == role).toList();
    }
}
