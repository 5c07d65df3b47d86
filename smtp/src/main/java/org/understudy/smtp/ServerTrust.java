package org.understudy.smtp;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * By what a server proves under {@link TlsPolicy#VERIFIED} that it is the one it should be: by one of the pinned certificates,
 * or by a certificate for its name from an authority that is trusted (RFC 5280, RFC 9525). Immutable.
 *
 * <p>A pinned certificate needs neither name nor authority nor a date: who pins it has looked at it. Revocation is not looked up.
 *
 * @param name the certificate has to be for; empty for the name of the host that is connected to
 * @param authorities certificates of those that are trusted; empty for those that the Java runtime trusts
 * @param pins SHA-256 of the certificates that are taken, 64 hexadecimal digits in lower case; empty for an authority to decide
 */
public record ServerTrust(Optional<String> name, List<X509Certificate> authorities, Set<String> pins) {
    /** By the name of the host and an authority that the Java runtime trusts. */
    public static final ServerTrust STANDARD = new ServerTrust(Optional.empty(), List.of(), Set.of());

    public ServerTrust {
        authorities = List.copyOf(authorities);
        pins = Set.copyOf(pins);
    }

    /**
     * What speaks against a server, in words for people; empty if nothing does.
     *
     * @param host that was connected to
     * @param chain that it presented, leaf first
     */
    public Optional<String> objection(String host, List<X509Certificate> chain) {
        if (chain.isEmpty()) {
            return Optional.of("the server presented no certificate");
        }
        X509Certificate leaf = chain.get(0);
        if (!pins.isEmpty()) {
            String fingerprint = CertificateChecks.sha256(leaf);
            return pins.contains(fingerprint)
                    ? Optional.empty()
                    : Optional.of(
                            "its certificate, with the SHA-256 " + fingerprint + ", is none of those that are pinned");
        }
        List<String> objections = new ArrayList<>();
        nameObjection(host, chain).ifPresent(objections::add);
        chainObjection(chain).ifPresent(objections::add);
        return objections.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", objections));
    }

    /** What speaks against the name in a server's certificate, whoever issued it (RFC 9525). The chain has a leaf. */
    public Optional<String> nameObjection(String host, List<X509Certificate> chain) {
        return CertificateChecks.nameObjection(chain.get(0), name.orElse(host));
    }

    /** What speaks against where a server's certificate comes from and how long it counts, whatever its name (RFC 5280). */
    public Optional<String> chainObjection(List<X509Certificate> chain) {
        return CertificateChecks.chainObjection(chain, authorities);
    }

    /** Takes a pin as tools print it: hexadecimal digits, colons between them or not. Empty if it is no SHA-256. */
    public static Optional<String> parsePin(String text) {
        String digits = text.strip().replace(":", "").toLowerCase(Locale.ROOT);
        try {
            return HexFormat.of().parseHex(digits).length == CertificateChecks.SHA256_OCTETS
                    ? Optional.of(digits)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
