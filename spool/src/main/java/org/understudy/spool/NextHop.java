package org.understudy.spool;

import org.understudy.smtp.ServerTrust;
import org.understudy.smtp.TlsPolicy;

/**
 * The host that mail for a domain is handed to. Configured, never looked up in MX records: those name us as well.
 *
 * @param host name or address literal without brackets
 * @param trust what {@link TlsPolicy#VERIFIED} asks of it
 * @param xclient whether it is told by XCLIENT, where it offers that, which client brought a message
 */
public record NextHop(String host, int port, TlsPolicy tls, ServerTrust trust, boolean xclient) {

    /** One that is told, and trusted as is standard. */
    public NextHop(String host, int port, TlsPolicy tls) {
        this(host, port, tls, ServerTrust.STANDARD, true);
    }

    /** Its name; its address as a literal if it has none (RFC 5321 section 4.1.3). */
    public String dnsName() {
        if (host.contains(":")) {
            return "[IPv6:" + host + "]";
        }
        return host.matches("[0-9.]+") ? "[" + host + "]" : host;
    }

    /** {@code mx1.example.org:25}. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
