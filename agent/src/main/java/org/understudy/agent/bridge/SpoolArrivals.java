package org.understudy.agent.bridge;

import java.util.List;
import org.understudy.probes.BackupArrivals;
import org.understudy.smtp.DomainName;
import org.understudy.spool.Spool;

/** What the bundled spool took for one domain, as the probe of its use reads it. Thread-safe. */
public final class SpoolArrivals implements BackupArrivals {
    private final Spool spool;
    private final DomainName domain;

    public SpoolArrivals(Spool spool, DomainName domain) {
        this.spool = spool;
        this.domain = domain;
    }

    @Override
    public List<Arrival> latest() {
        return spool.arrivals(domain).stream()
                .map(a -> new Arrival(a.at(), a.client().getHostAddress()))
                .toList();
    }
}
