package org.understudy.spool;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.understudy.smtp.DomainName;

/**
 * How mail is received.
 *
 * @param hostName our name in the greeting, in EHLO and in the trace field
 * @param listen addresses to listen on; port 0 for any free one
 * @param maximumMessageBytes announced by SIZE and enforced while reading
 * @param maximumRecipients per transaction, at least 100 (RFC 5321 section 4.5.3.1.8)
 * @param maximumSessions in all
 * @param maximumSessionsPerClient per client address
 * @param commandTimeout how long a client may be silent, at least 5 minutes on the internet (RFC 5321 section 4.5.3.2.7)
 * @param maximumHops trace fields a message may carry before it is taken for a loop (RFC 5321 section 6.3)
 * @param tls for STARTTLS, which is not offered without
 */
public record ReceptionSettings(
        DomainName hostName,
        List<InetSocketAddress> listen,
        long maximumMessageBytes,
        int maximumRecipients,
        int maximumSessions,
        int maximumSessionsPerClient,
        Duration commandTimeout,
        int maximumHops,
        Optional<SSLContext> tls) {
    public ReceptionSettings {
        listen = List.copyOf(listen);
    }
}
