package org.understudy.probes.tls;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.understudy.probes.Role;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.TlsDetails;

/**
 * One address of an exchanger with which a handshake succeeded.
 *
 * @param trusted true if nothing speaks against where its certificate comes from
 */
record Secured(SmtpEndpoint endpoint, Role role, TlsDetails tls, boolean trusted) {
    private static final int SHORTEST_RSA = 2048;
    private static final int SHORTEST_EC = 224;

    X509Certificate leaf() {
        return tls.chain().get(0);
    }

    /** True if the server has made its certificate itself, and so does not mean to be believed by strangers. */
    boolean isSelfSigned() {
        return tls.chain().size() == 1 && leaf().getIssuerX500Principal().equals(leaf().getSubjectX500Principal());
    }

    /** For example {@code RSA 2048}. */
    String key() {
        return leaf().getPublicKey().getAlgorithm() + " " + bits(leaf().getPublicKey());
    }

    private static int bits(PublicKey key) {
        if (key instanceof RSAKey rsa) {
            return rsa.getModulus().bitLength();
        }
        return key instanceof ECKey ec ? ec.getParams().getOrder().bitLength() : 0;
    }

    /** What newer senders do not put up with (RFC 9325), each a predicate. */
    List<String> outdated() {
        List<String> objections = new ArrayList<>();
        // RFC 9325 section 4.1: key transport with RSA keeps no secret once the key is known.
        if (tls.cipherSuite().startsWith("TLS_RSA_")) {
            objections.add("chooses " + tls.cipherSuite() + ", although better ones were offered");
        }
        PublicKey key = leaf().getPublicKey();
        boolean weak = (key instanceof RSAKey && bits(key) < SHORTEST_RSA)
                || (key instanceof ECKey && bits(key) < SHORTEST_EC);
        if (weak) {
            objections.add("has a key of " + key());
        }
        tls.chain().stream()
                .filter(c -> !c.getIssuerX500Principal().equals(c.getSubjectX500Principal()))
                .map(c -> c.getSigAlgName().toUpperCase(Locale.ROOT))
                .filter(name -> name.startsWith("SHA1") || name.startsWith("MD5"))
                .findFirst()
                .ifPresent(name -> objections.add("has a certificate signed with " + name));
        return objections;
    }

    /** In what this one is weaker than another, as a predicate. */
    Optional<String> weakerThan(Secured other) {
        if (tls.protocol().compareTo(other.tls.protocol()) < 0) {
            return Optional.of("speaks " + tls.protocol() + " where the other speaks " + other.tls.protocol());
        }
        if (!trusted && other.trusted) {
            return Optional.of("has a certificate that is not trusted, and the other has one that is");
        }
        boolean sameKind = leaf().getPublicKey()
                .getAlgorithm()
                .equals(other.leaf().getPublicKey().getAlgorithm());
        if (sameKind && bits(leaf().getPublicKey()) < bits(other.leaf().getPublicKey())) {
            return Optional.of("has a key of " + key() + " where the other has one of " + other.key());
        }
        return Optional.empty();
    }
}
