package org.understudy.probes.tls;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.understudy.probes.dns.TlsaRecord;

/** The TLSA records of one exchanger, as mail reads them (RFC 7672 section 3.1). Immutable. */
record TlsaSet(List<TlsaRecord> records) {
    /** RFC 7672 section 3.1.2: the certificate is that of an authority. */
    static final int DANE_TA = 2;
    /** RFC 7672 section 3.1.1: the certificate is that of the server. */
    static final int DANE_EE = 3;

    static final int CERTIFICATE = 0;
    static final int KEY = 1;

    private static final int FULL = 0;
    private static final int SHA256 = 1;
    private static final int SHA512 = 2;
    private static final int SHA256_DIGITS = 64;
    private static final int SHA512_DIGITS = 128;

    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519", "Ed448", "DSA");

    TlsaSet {
        records = List.copyOf(records);
    }

    /** Why no sender can do anything with a record; empty if one can. */
    static Optional<String> unusable(TlsaRecord record) {
        if (record.usage() != DANE_TA && record.usage() != DANE_EE) {
            // RFC 7672 section 3.1.3: 0 and 1 need authorities that senders of mail have not agreed upon.
            return Optional.of("usage " + record.usage() + " is not for mail");
        }
        if (record.selector() != CERTIFICATE && record.selector() != KEY) {
            return Optional.of("the selector " + record.selector() + " is unknown");
        }
        int digits = record.association().length();
        return switch (record.matching()) {
            case FULL -> isWhole(record) ? Optional.empty() : Optional.of("its data are no certificate and no key");
            case SHA256 -> length(digits, SHA256_DIGITS, "SHA-256");
            case SHA512 -> length(digits, SHA512_DIGITS, "SHA-512");
            default -> Optional.of("the matching type " + record.matching() + " is unknown");
        };
    }

    private static Optional<String> length(int digits, int expected, String algorithm) {
        return digits == expected
                ? Optional.empty()
                : Optional.of("its data have " + digits + " hexadecimal digits, a " + algorithm + " has " + expected);
    }

    private static boolean isWhole(TlsaRecord record) {
        return record.selector() == CERTIFICATE
                ? wholeCertificate(record).isPresent()
                : wholeKey(record).isPresent();
    }

    boolean isUsable() {
        return records.stream().anyMatch(r -> unusable(r).isEmpty());
    }

    /**
     * What a sender goes by: the records it can use, and of those that say the same in several ways only the strongest digest
     * beside whole data (RFC 7671 section 9).
     */
    List<TlsaRecord> counting() {
        List<TlsaRecord> usable =
                records.stream().filter(r -> unusable(r).isEmpty()).toList();
        return usable.stream()
                .filter(r -> r.matching() != SHA256
                        || usable.stream()
                                .noneMatch(other -> other.matching() == SHA512
                                        && other.usage() == r.usage()
                                        && other.selector() == r.selector()))
                .toList();
    }

    Stream<TlsaRecord> counting(int usage) {
        return counting().stream().filter(r -> r.usage() == usage);
    }

    /** True if a record names this certificate, or its key. */
    static boolean names(TlsaRecord record, X509Certificate certificate) {
        return association(record.selector(), record.matching(), certificate)
                .filter(record.association()::equals)
                .isPresent();
    }

    /** What a record about a certificate has as its data; empty for numbers that nobody knows. */
    static Optional<String> association(int selector, int matching, X509Certificate certificate) {
        try {
            byte[] data = selector == CERTIFICATE
                    ? certificate.getEncoded()
                    : certificate.getPublicKey().getEncoded();
            HexFormat hex = HexFormat.of();
            return switch (matching) {
                case FULL -> Optional.of(hex.formatHex(data));
                case SHA256 ->
                    Optional.of(
                            hex.formatHex(MessageDigest.getInstance("SHA-256").digest(data)));
                case SHA512 ->
                    Optional.of(
                            hex.formatHex(MessageDigest.getInstance("SHA-512").digest(data)));
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was parsed cannot be encoded", e);
        }
    }

    /** The record to publish for a server with this certificate. */
    static TlsaRecord of(X509Certificate certificate) {
        return new TlsaRecord(
                DANE_EE, KEY, SHA256, association(KEY, SHA256, certificate).orElseThrow());
    }

    /** The certificate that a record holds as a whole. */
    static Optional<X509Certificate> wholeCertificate(TlsaRecord record) {
        if (record.matching() != FULL || record.selector() != CERTIFICATE) {
            return Optional.empty();
        }
        try {
            return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(octets(record)))
                            instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    /** The key that a record holds as a whole. */
    static Optional<PublicKey> wholeKey(TlsaRecord record) {
        if (record.matching() != FULL || record.selector() != KEY) {
            return Optional.empty();
        }
        return KEY_ALGORITHMS.stream()
                .flatMap(algorithm -> key(algorithm, octets(record)).stream())
                .findFirst();
    }

    private static Optional<PublicKey> key(String algorithm, byte[] octets) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(octets)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static byte[] octets(TlsaRecord record) {
        return HexFormat.of().parseHex(record.association());
    }
}
