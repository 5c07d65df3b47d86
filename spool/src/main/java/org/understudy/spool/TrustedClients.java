package org.understudy.spool;

import java.util.List;
import org.understudy.smtp.Network;

/**
 * Who may speak for other clients.
 *
 * @param proxies from here every connection begins with a PROXY protocol header, version 1 or 2; elsewhere none is read
 * @param xclients who may say XCLIENT
 */
public record TrustedClients(List<Network> proxies, List<Network> xclients) {
    public static final TrustedClients NONE = new TrustedClients(List.of(), List.of());

    public TrustedClients {
        proxies = List.copyOf(proxies);
        xclients = List.copyOf(xclients);
    }
}
