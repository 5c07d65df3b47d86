package org.understudy.probes;

import java.net.InetAddress;
import java.util.List;

/**
 * What probes have asked of one mail server lately, and how it took that: all domains together. Immutable.
 *
 * @param hosts names by which it was asked
 * @param sessions within the last hour
 * @param unknownRecipients RCPT with recipients who do not exist, within the last hour
 * @param mostErrors refusals in one session, the most within the last hour
 * @param dismissals replies of the last hour by which it sent probes away for asking too much
 * @param shutOut how often within a day there was no connection just after a session with many refusals
 */
public record ProbeLoad(
        InetAddress address,
        int port,
        List<String> hosts,
        int sessions,
        int unknownRecipients,
        int mostErrors,
        List<String> dismissals,
        int shutOut) {
    public ProbeLoad {
        hosts = List.copyOf(hosts);
        dismissals = List.copyOf(dismissals);
    }

    /** {@code mx1.example.org[192.0.2.1]:25}. */
    @Override
    public String toString() {
        return (hosts.isEmpty() ? "" : hosts.get(0)) + "[" + address.getHostAddress() + "]:" + port;
    }
}
