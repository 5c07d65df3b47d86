package org.understudy.probes.tls;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.understudy.probes.dns.TlsaRecord;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.ServerTrust;

/**
 * Whether a server is the one that the records of its exchanger speak of, as a sender decides it (RFC 7671 section 5, RFC 7672
 * section 3). Stateless.
 *
 * @param names any of which a certificate must have that an authority among the records has issued
 * @param now at which certificates must count
 */
record DaneCheck(TlsaSet set, List<DomainName> names, Instant now) {
    DaneCheck {
        names = List.copyOf(names);
    }

    /** The record by which a chain, leaf first, is taken; empty if a sender does not deliver. */
    Optional<TlsaRecord> accepting(List<X509Certificate> chain) {
        X509Certificate leaf = chain.get(0);
        // RFC 7671 section 5.1: the key is enough, whatever name and date stand beside it.
        Optional<TlsaRecord> server = set.counting(TlsaSet.DANE_EE)
                .filter(r -> TlsaSet.names(r, leaf))
                .findFirst();
        return server.isPresent()
                ? server
                : set.counting(TlsaSet.DANE_TA)
                        .filter(r -> objection(r, chain).isEmpty())
                        .findFirst();
    }

    /** Why each record that counts does not accept a chain, in words for people. */
    List<String> objections(List<X509Certificate> chain) {
        List<String> objections = new ArrayList<>();
        set.counting(TlsaSet.DANE_EE)
                .filter(r -> !TlsaSet.names(r, chain.get(0)))
                .forEach(r -> objections.add(r + ": is not that of the server"));
        set.counting(TlsaSet.DANE_TA)
                .forEach(r -> objection(r, chain).ifPresent(why -> objections.add(r + ": " + why)));
        return objections;
    }

    private Optional<String> objection(TlsaRecord record, List<X509Certificate> chain) {
        Set<TrustAnchor> anchors = anchors(record, chain);
        if (anchors.isEmpty()) {
            return Optional.of("no authority in the chain is the one that it names");
        }
        Optional<String> broken = pathObjection(anchors, chain);
        if (broken.isPresent()) {
            return broken;
        }
        // RFC 7672 section 3.2.2
        boolean named = names.stream()
                .anyMatch(
                        n -> ServerTrust.STANDARD.nameObjection(n.text(), chain).isEmpty());
        return named
                ? Optional.empty()
                : ServerTrust.STANDARD.nameObjection(names.get(0).text(), chain);
    }

    /** RFC 7671 section 5.2: from the chain, unless the record has it as a whole. */
    private static Set<TrustAnchor> anchors(TlsaRecord record, List<X509Certificate> chain) {
        Set<TrustAnchor> anchors = new HashSet<>();
        chain.stream()
                .skip(1)
                .filter(c -> TlsaSet.names(record, c))
                .forEach(c -> anchors.add(new TrustAnchor(c, null)));
        TlsaSet.wholeCertificate(record).ifPresent(c -> anchors.add(new TrustAnchor(c, null)));
        TlsaSet.wholeKey(record)
                .ifPresent(key -> chain.stream()
                        .filter(c -> isSignedWith(c, key))
                        .forEach(c -> anchors.add(new TrustAnchor(c.getIssuerX500Principal(), key, null))));
        return anchors;
    }

    private static boolean isSignedWith(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private Optional<String> pathObjection(Set<TrustAnchor> anchors, List<X509Certificate> chain) {
        Date date = Date.from(now);
        for (TrustAnchor anchor : anchors) {
            Optional<String> end = ended(anchor, date);
            if (end.isPresent()) {
                return end;
            }
        }
        try {
            X509CertSelector leaf = new X509CertSelector();
            leaf.setCertificate(chain.get(0));
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
            parameters.setRevocationEnabled(false);
            parameters.setDate(date);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            CertPathBuilder.getInstance("PKIX").build(parameters);
            return Optional.empty();
        } catch (CertPathBuilderException e) {
            return Optional.of("the chain does not lead to it: " + innermost(e));
        } catch (GeneralSecurityException e) {
            return Optional.of("the chain cannot be followed: " + e.getMessage());
        }
    }

    private static Optional<String> ended(TrustAnchor anchor, Date date) {
        try {
            if (anchor.getTrustedCert() != null) {
                anchor.getTrustedCert().checkValidity(date);
            }
            return Optional.empty();
        } catch (CertificateException e) {
            return Optional.of("the authority does not count any more: " + e.getMessage());
        }
    }

    private static String innermost(Throwable failure) {
        Throwable at = failure;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return String.valueOf(at.getMessage());
    }
}
