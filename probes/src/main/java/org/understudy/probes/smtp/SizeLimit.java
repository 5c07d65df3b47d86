package org.understudy.probes.smtp;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The longest message a server takes, as far as it is known (RFC 1870): somewhere between two numbers of octets.
 *
 * @param atLeast messages of that size are taken
 * @param below messages of that size are not; empty if none was found
 * @param announced true if EHLO says so
 */
record SizeLimit(long atLeast, OptionalLong below, boolean announced) {

    static SizeLimit announced(long octets) {
        return new SizeLimit(octets, OptionalLong.of(octets + 1), true);
    }

    /** True if this server certainly refuses what the other one takes. */
    boolean isCertainlyLessThan(SizeLimit other) {
        return below.isPresent() && below.getAsLong() <= other.atLeast;
    }

    static String text(Optional<SizeLimit> limit) {
        return limit.map(SizeLimit::toString).orElse("not known");
    }

    @Override
    public String toString() {
        if (announced) {
            return Long.toString(atLeast);
        }
        return below.isPresent() ? "from " + atLeast + " up, below " + below.getAsLong() : "more than " + atLeast;
    }
}
