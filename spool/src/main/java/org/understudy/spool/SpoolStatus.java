package org.understudy.spool;

import java.util.List;
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
        ReceptionCounts reception) {
    /** True if an operator has all mail for a domain held. */
    public boolean isFrozen(DomainName domain) {
        return controls.stream()
                .anyMatch(c -> c.domain().equals(domain) && c.frozen().isPresent());
    }
}
