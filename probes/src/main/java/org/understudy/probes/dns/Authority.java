package org.understudy.probes.dns;

import java.util.List;
import org.understudy.smtp.DomainName;

/**
 * Who answers for a zone.
 *
 * @param zone its apex
 * @param names of its name servers, as the zone itself has them
 * @param servers every address of each of them that could be found out
 * @param trouble why nothing of this could be found out; empty if it could
 */
record Authority(DomainName zone, List<DomainName> names, List<NameServer> servers, String trouble) {
    Authority {
        names = List.copyOf(names);
        servers = List.copyOf(servers);
    }

    static Authority unknown(DomainName name, String trouble) {
        return new Authority(name, List.of(), List.of(), trouble);
    }

    boolean isKnown() {
        return trouble.isEmpty();
    }
}
