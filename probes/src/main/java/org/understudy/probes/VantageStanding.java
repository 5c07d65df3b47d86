package org.understudy.probes;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import org.understudy.smtp.DomainName;

/**
 * How mail servers take the place that is asked from. Immutable.
 *
 * @param own addresses that connections of the last hour came from, as this machine has them
 * @param servers how many have answered within the last hour, whatever they said
 * @param refusals the newest of each server that refuses for good, within the last hour
 */
public record VantageStanding(Set<InetAddress> own, int servers, List<Refusal> refusals) {
    public VantageStanding {
        own = Set.copyOf(own);
        refusals = List.copyOf(refusals);
    }

    /**
     * A refusal for good of what every sender may ask.
     *
     * @param server name, address and port
     * @param address of the server
     * @param domain for which it was asked
     * @param greeting true if it was the first word of the server, so that it can be about nobody but us
     * @param about true if it says that it is about where is asked from
     * @param quoted addresses in it
     * @param words verbatim
     */
    public record Refusal(
            String server,
            InetAddress address,
            DomainName domain,
            boolean greeting,
            boolean about,
            List<InetAddress> quoted,
            String words) {
        public Refusal {
            quoted = List.copyOf(quoted);
        }
    }
}
