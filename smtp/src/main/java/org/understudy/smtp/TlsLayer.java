package org.understudy.smtp;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS as STARTTLS uses it (RFC 3207): any certificate is taken and handed to the caller. Stateless.
 *
 * <p>Nothing is judged here, on purpose; {@link ServerTrust} does so behind the handshake. A probe must see a bad certificate to
 * report it, and judges it by more rules than a handshake knows; opportunistic forwarding does not authenticate the server, since refusing a bad certificate would only
 * make it send in the clear (RFC 7435 section 3).
 */
final class TlsLayer {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private TlsLayer() {}

    /** A client's TLS socket over a connected one, handshake not yet done. */
    static SSLSocket over(Socket plain, String host) throws IOException {
        // A context of its own: a resumed session would show the certificate of last time.
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(plain, host, plain.getPort(), true);
        socket.setUseClientMode(true);
        socket.setEnabledProtocols(PROTOCOLS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(serverNames(host));
        socket.setSSLParameters(parameters);
        return socket;
    }

    static TlsDetails details(SSLSocket socket) {
        SSLSession session = socket.getSession();
        List<X509Certificate> chain = new ArrayList<>();
        try {
            for (Certificate certificate : session.getPeerCertificates()) {
                if (certificate instanceof X509Certificate x509) {
                    chain.add(x509);
                }
            }
        } catch (SSLPeerUnverifiedException e) {
            chain.clear();
        }
        return new TlsDetails(session.getProtocol(), session.getCipherSuite(), chain);
    }

    /** RFC 6066 section 3: a host name without trailing dot, no address. */
    private static List<javax.net.ssl.SNIServerName> serverNames(String host) {
        boolean address = host.indexOf(':') >= 0 || host.matches("[\\d.]+") || host.startsWith("[");
        if (address) {
            return List.of();
        }
        try {
            return List.of(new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host));
        } catch (IllegalArgumentException e) {
            // A name with an underscore, for example, is good enough for a connection but not for SNI.
            return List.of();
        }
    }

    private static SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AcceptAll()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS is not available in this Java runtime", e);
        }
    }

    /** Extended, because the JDK adds checks of its own to a trust manager that is not. */
    private static final class AcceptAll extends X509ExtendedTrustManager {

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
