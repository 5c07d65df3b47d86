package org.understudy.spool.reception;

import java.util.List;
import java.util.Optional;
import org.understudy.smtp.Capabilities;
import org.understudy.spool.NextHopCapabilities;

/**
 * What EHLO offers besides the constant: as much as makes sense for at least one recipient. What a single next hop takes is
 * decided when its recipients are named, since a sender that misses something here gives up for all of them.
 *
 * @param maximumBytes the longest message that is taken for anybody
 * @param eightBitMime only if no next hop is known to lack it: a sender that does not see it converts, and that is always right
 * @param smtpUtf8 only if some next hop is known to offer it
 */
record Offer(long maximumBytes, boolean eightBitMime, boolean smtpUtf8) {

    static Offer of(long configuredBytes, NextHopCapabilities nextHops) {
        List<Optional<Capabilities>> all = nextHops.all();
        long largest = all.stream().mapToLong(Offer::maximumBytes).max().orElse(Long.MAX_VALUE);
        return new Offer(
                Math.min(configuredBytes, largest),
                all.stream().allMatch(known -> known.isEmpty() || known.get().offers("8BITMIME")),
                all.stream()
                        .anyMatch(
                                known -> known.filter(c -> c.offers("SMTPUTF8")).isPresent()));
    }

    /** What a next hop takes; what is not known is no limit. */
    static long maximumBytes(Optional<Capabilities> known) {
        return known.map(c -> c.maximumSize().orElse(Long.MAX_VALUE)).orElse(Long.MAX_VALUE);
    }
}
