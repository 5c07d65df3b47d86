package org.understudy.probes;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.understudy.smtp.DomainName;

/** Where the addresses of exchangers come from. Thread-safe. */
@FunctionalInterface
public interface AddressLookup {

    /**
     * All addresses of a host, of both families; empty if the name has none or does not exist.
     *
     * @throws IOException if that could not be found out; the message says why
     */
    List<InetAddress> addresses(DomainName host) throws IOException;
}
