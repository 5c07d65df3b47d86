package org.understudy.smtp;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The TLS layer of a session.
 *
 * @param protocol for example {@code TLSv1.3}
 * @param cipherSuite name as the JDK gives it
 * @param chain what the server presented, leaf first, unjudged
 */
public record TlsDetails(String protocol, String cipherSuite, List<X509Certificate> chain) {
    public TlsDetails {
        chain = List.copyOf(chain);
    }
}
