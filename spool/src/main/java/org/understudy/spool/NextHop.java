package org.understudy.spool;

import java.util.List;
import java.util.stream.Stream;
import org.understudy.smtp.ServerTrust;
import org.understudy.smtp.TlsPolicy;

/**
 * The host that mail for a domain is handed to. Configured, never looked up in MX records: those name us as well.
 *
 * @param host name or address literal without brackets
 * @param trust what {@link TlsPolicy#VERIFIED} asks of it
 * @param xclient whether it is told by XCLIENT, where it offers that, which client brought a message
 * @param further other ways to the same mail, treated alike: each is tried where nobody answers at those before it
 */
public record NextHop(
        String host, int port, TlsPolicy tls, ServerTrust trust, boolean xclient, List<HopAddress> further) {
    public NextHop {
        further = List.copyOf(further);
    }

    /** One with a single way to it. */
    public NextHop(String host, int port, TlsPolicy tls, ServerTrust trust, boolean xclient) {
        this(host, port, tls, trust, xclient, List.of());
    }

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

    /** All ways to it, in the order in which they are tried. */
    public List<HopAddress> addresses() {
        return Stream.concat(Stream.of(new HopAddress(host, port)), further.stream())
                .toList();
    }

    /** {@code mx1.example.org:25}, whatever further ways there are. */
    @Override
    public String toString() {
        return new HopAddress(host, port).toString();
    }
}
