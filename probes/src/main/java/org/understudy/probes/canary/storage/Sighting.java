package org.understudy.probes.canary.storage;

import java.time.Instant;
import java.util.List;

/**
 * A canary of ours, found.
 *
 * @param chain digest of its trace fields: the identity of one delivery
 * @param received its trace fields verbatim, newest first
 * @param junked true if it lay elsewhere than in the first folder
 * @param changes what is not as it was sent, or empty
 * @param observed what else it showed
 * @param trouble one sentence if something is wrong with it, or empty
 */
public record Sighting(
        String canary,
        Place place,
        Instant at,
        String chain,
        List<String> received,
        List<String> hops,
        boolean pathProven,
        boolean junked,
        String changes,
        Observed observed,
        String trouble) {
    public Sighting {
        received = List.copyOf(received);
        hops = List.copyOf(hops);
    }
}
