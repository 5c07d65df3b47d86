package org.understudy.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The questions that are asked of a server's certificate; the answers are words for people. Stateless. */
final class CertificateChecks {
    static final int SHA256_OCTETS = 32;

    // RFC 5280 section 4.2.1.6: types of a subjectAltName.
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private CertificateChecks() {}

    static String sha256(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was parsed cannot be encoded", e);
        }
    }

    /** RFC 9525: names of hosts and addresses count only where they belong, in subjectAltName. */
    static Optional<String> nameObjection(X509Certificate certificate, String name) {
        Optional<InetAddress> address = Network.parseAddress(name);
        List<String> names;
        try {
            names = names(certificate, address.isPresent() ? IP_ADDRESS : DNS_NAME);
        } catch (CertificateParsingException e) {
            return Optional.of("the names of its certificate cannot be read");
        }
        boolean fits = address.isPresent()
                ? names.stream().anyMatch(n -> Network.parseAddress(n).equals(address))
                : names.stream().anyMatch(n -> matches(n, name));
        if (fits) {
            return Optional.empty();
        }
        return Optional.of("its certificate is not for " + name + " but for "
                + (names.isEmpty() ? certificate.getSubjectX500Principal() : String.join(", ", names)));
    }

    private static List<String> names(X509Certificate certificate, int type) throws CertificateParsingException {
        @Nullable Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        List<String> names = new ArrayList<>();
        for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
            if (alternative.get(0) instanceof Integer t && t == type && alternative.get(1) instanceof String name) {
                names.add(name);
            }
        }
        return names;
    }

    /** RFC 9525 section 6.3: a * stands for one label, the first. */
    private static boolean matches(String presented, String name) {
        String pattern = canonical(presented);
        String host = canonical(name);
        if (!pattern.startsWith("*.")) {
            return pattern.equals(host);
        }
        int dot = host.indexOf('.');
        return dot > 0 && pattern.substring(1).equals(host.substring(dot));
    }

    private static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** RFC 5280 section 6, for a server. */
    static Optional<String> chainObjection(List<X509Certificate> chain, List<X509Certificate> authorities) {
        try {
            trustManager(authorities).checkServerTrusted(chain.toArray(new X509Certificate[0]), "UNKNOWN");
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of(explain(e, chain.get(0)));
        } catch (GeneralSecurityException e) {
            return Optional.of("the authorities that are trusted cannot be used: " + e.getMessage());
        }
    }

    private static X509TrustManager trustManager(List<X509Certificate> authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities.isEmpty() ? null : store(authorities));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("this Java runtime judges no certificates");
    }

    private static KeyStore store(List<X509Certificate> authorities) throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        for (X509Certificate authority : authorities) {
            store.setCertificateEntry("authority " + store.size(), authority);
        }
        return store;
    }

    private static String explain(CertificateException failure, X509Certificate leaf) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // The innermost says most.
            causes.add(0, cause);
        }
        for (Throwable cause : causes) {
            if (cause instanceof CertificateExpiredException) {
                return "a certificate of it has expired; that of the server ends on "
                        + leaf.getNotAfter().toInstant();
            } else if (cause instanceof CertificateNotYetValidException) {
                return "a certificate of it is not valid yet; that of the server begins on "
                        + leaf.getNotBefore().toInstant();
            } else if (cause instanceof CertPathBuilderException) {
                return "its certificate comes from no authority that is trusted, but from "
                        + leaf.getIssuerX500Principal();
            }
        }
        return "its certificate is not valid: " + causes.get(0).getMessage();
    }
}
