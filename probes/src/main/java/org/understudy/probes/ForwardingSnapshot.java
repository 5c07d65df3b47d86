package org.understudy.probes;

import java.time.Instant;
import java.util.List;

/**
 * The way from a backup to its next hop at one moment.
 *
 * @param nextHop as {@code host:port}
 * @param frozen true if mail is held because the next hop refuses what no message is guilty of
 * @param down true if mail is held because the next hop cannot be reached
 * @param since when that began, or when it was last different
 * @param words the next hop's last words of trouble, or empty
 * @param queued units that wait for it
 * @param deferred some of these that the next hop refused last, for now
 */
public record ForwardingSnapshot(
        String nextHop,
        boolean frozen,
        boolean down,
        Instant since,
        String words,
        long queued,
        List<Deferral> deferred) {

    /**
     * A refusal for now.
     *
     * @param arrival when the message came here
     * @param reply of the next hop, from its code on
     */
    public record Deferral(Instant arrival, String reply) {}

    public ForwardingSnapshot {
        deferred = List.copyOf(deferred);
    }
}
