package org.understudy.interop.gauntlet;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows one certificate, on request only to clients that name the server they want. */
final class OneKey extends X509ExtendedKeyManager {
    private static final String ALIAS = "host";

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final boolean needsName;

    OneKey(X509Certificate certificate, PrivateKey key, boolean needsName) {
        this.certificate = certificate;
        this.key = key;
        this.needsName = needsName;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        boolean fits = keyType.startsWith(certificate.getPublicKey().getAlgorithm());
        return fits && (!needsName || isNamed(socket)) ? ALIAS : null;
    }

    private static boolean isNamed(@Nullable Socket socket) {
        return socket instanceof SSLSocket secure
                && secure.getHandshakeSession() instanceof ExtendedSSLSession session
                && !session.getRequestedServerNames().isEmpty();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {ALIAS};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return key;
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
