package org.understudy.spool;

import org.understudy.smtp.TlsPolicy;

/**
 * The host that mail for a domain is handed to. Configured, never looked up in MX records: those name us as well.
 *
 * @param host name or address literal without brackets
 */
public record NextHop(String host, int port, TlsPolicy tls) {

    /** {@code mx1.example.org:25}. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
