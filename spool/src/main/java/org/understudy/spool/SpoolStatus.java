package org.understudy.spool;

import java.util.List;
import java.util.Optional;
import org.understudy.smtp.DomainName;

/**
 * The spool at one moment.
 *
 * @param controls what operators have ordered for domains, until it is taken back
 */
public record SpoolStatus(
        List<LaneStatus> lanes,
        List<DomainControl> controls,
        QueueCounts counts,
        StoreHealth store,
        ReceptionCounts reception,
        RecipientCounts recipients,
        FilterCounts filtered) {
    /** Who has all mail for a domain held, and why; empty if nobody has. */
    public Optional<String> order(DomainName domain) {
        return controls.stream()
                .filter(c -> c.domain().equals(domain) && c.frozen().isPresent())
                .map(DomainControl::words)
                .findFirst();
    }
}
