package org.understudy.spool;

import java.time.Duration;
import java.util.Map;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpTimeouts;

/**
 * How mail is handed on.
 *
 * @param routes next hop of each relay domain
 * @param ehloName our name towards next hops
 * @param probeInterval how often a down next hop is probed
 * @param concurrency sessions per next hop
 * @param minimumBackoff first delay of a message after a transient reply while its next hop is up
 * @param maximumBackoff cap of that delay
 * @param patience for what is no matter of the next hop being busy
 * @param timeouts of the client
 */
public record ForwardingSettings(
        Map<DomainName, NextHop> routes,
        DomainName ehloName,
        Duration probeInterval,
        int concurrency,
        Duration minimumBackoff,
        Duration maximumBackoff,
        ForwardingPatience patience,
        SmtpTimeouts timeouts) {
    public ForwardingSettings {
        routes = Map.copyOf(routes);
    }

    /** The same with another patience at each step. */
    public ForwardingSettings withTimeouts(SmtpTimeouts other) {
        return new ForwardingSettings(
                routes, ehloName, probeInterval, concurrency, minimumBackoff, maximumBackoff, patience, other);
    }
}
