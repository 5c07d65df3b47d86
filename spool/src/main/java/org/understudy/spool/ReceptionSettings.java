package org.understudy.spool;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.understudy.smtp.DomainName;

/**
 * How mail is received.
 *
 * @param hostName our name in the greeting, in EHLO and in the trace field
 * @param listen addresses to listen on; port 0 for any free one
 * @param maximumMessageBytes announced by SIZE and enforced while reading
 * @param maximumRecipients per transaction, at least 100 (RFC 5321 section 4.5.3.1.8)
 * @param maximumHops trace fields a message may carry before it is taken for a loop (RFC 5321 section 6.3)
 * @param sessions how many there may be and how long they may take
 * @param tls for STARTTLS, which is not offered without; asked when a handshake begins, by any thread
 * @param trusted who may speak for other clients
 */
public record ReceptionSettings(
        DomainName hostName,
        List<InetSocketAddress> listen,
        long maximumMessageBytes,
        int maximumRecipients,
        int maximumHops,
        SessionLimits sessions,
        Optional<Supplier<SSLContext>> tls,
        TrustedClients trusted) {
    public ReceptionSettings {
        listen = List.copyOf(listen);
    }

    /** The same on other addresses. */
    public ReceptionSettings withListen(List<InetSocketAddress> addresses) {
        return new ReceptionSettings(
                hostName, addresses, maximumMessageBytes, maximumRecipients, maximumHops, sessions, tls, trusted);
    }
}
