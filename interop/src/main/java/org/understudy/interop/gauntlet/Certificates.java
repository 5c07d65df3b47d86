package org.understudy.interop.gauntlet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/** The authorities of the staged internet and what they issue, all by openssl. Used while the world is made, by one thread. */
final class Certificates {
    private static final String REQUEST = "[req]\ndistinguished_name = dn\nprompt = no\n[dn]\n";

    private final Path directory;

    Certificates(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        Files.writeString(directory.resolve("request.cnf"), REQUEST);
        authority("authority");
        authority("stranger");
    }

    private void authority(String name) throws IOException {
        openssl(
                "req",
                "-x509",
                "-config",
                "request.cnf",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "365",
                "-subj",
                "/CN=Staged " + name,
                "-addext",
                "basicConstraints=critical,CA:TRUE",
                "-addext",
                "keyUsage=critical,keyCertSign,cRLSign",
                "-keyout",
                name + ".key",
                "-out",
                name + ".pem");
    }

    /** Of the authority that everybody trusts. */
    Path authorityFile() {
        return directory.resolve("authority.pem");
    }

    Path certificate(CertificateKind kind, Domain domain) throws IOException {
        return issued(kind, domain, ".pem");
    }

    Path key(CertificateKind kind, Domain domain) throws IOException {
        return issued(kind, domain, ".key");
    }

    private Path issued(CertificateKind kind, Domain domain, String suffix) throws IOException {
        String file = kind + "-" + domain.label();
        if (!Files.exists(directory.resolve(file + ".pem"))) {
            issue(kind, domain, file);
        }
        return directory.resolve(file + suffix);
    }

    private void issue(CertificateKind kind, Domain domain, String file) throws IOException {
        List<String> names = kind == CertificateKind.OTHER_NAME ? List.of("other." + Places.TOP) : domain.certified();
        String alternatives = names.stream().map(n -> "DNS:" + n).collect(Collectors.joining(","));
        List<String> key = kind == CertificateKind.SHORT_KEY
                ? List.of("rsa:1024")
                : List.of("ec", "-pkeyopt", "ec_paramgen_curve:P-256");
        List<String> request = new ArrayList<>(List.of("req", "-config", "request.cnf", "-newkey"));
        request.addAll(key);
        request.addAll(List.of("-nodes", "-subj", "/CN=" + file, "-addext", "subjectAltName=" + alternatives));
        request.addAll(List.of("-keyout", file + ".key"));
        if (kind == CertificateKind.EXPIRED) {
            request.addAll(List.of("-out", file + ".csr"));
            openssl(request.toArray(String[]::new));
            // Only here it may end before it begins.
            request = new ArrayList<>(List.of("x509", "-req", "-in", file + ".csr", "-copy_extensions", "copyall"));
            request.add("-CAcreateserial");
        } else {
            request.add("-x509");
        }
        if (kind != CertificateKind.SELF_MADE) {
            String authority = kind == CertificateKind.UNKNOWN_AUTHORITY ? "stranger" : "authority";
            request.addAll(List.of("-CA", authority + ".pem", "-CAkey", authority + ".key"));
        }
        request.addAll(List.of("-days", Integer.toString(days(kind)), "-out", file + ".pem"));
        openssl(request.toArray(String[]::new));
    }

    private static int days(CertificateKind kind) {
        return switch (kind) {
            case EXPIRED -> -1;
            case EXPIRING -> 5;
            default -> 90;
        };
    }

    private void openssl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Commands.run(directory, command.toArray(String[]::new));
    }

    /** The certificate as a TLSA record names it by the hash of its key (RFC 6698 section 2.1). */
    String keyHash(CertificateKind kind, Domain domain) throws IOException {
        try {
            byte[] key = read(certificate(kind, domain)).getPublicKey().getEncoded();
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** @param needsName whether the handshake fails for clients that do not name the server */
    SSLContext context(CertificateKind kind, Domain domain, boolean needsName) throws IOException {
        try {
            X509Certificate certificate = read(certificate(kind, domain));
            byte[] encoded = pem(Files.readString(key(kind, domain)));
            PrivateKey key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {new OneKey(certificate, key, needsName)}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static X509Certificate read(Path file) throws IOException, GeneralSecurityException {
        byte[] encoded = pem(Files.readString(file));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    private static byte[] pem(String text) {
        String body = text.replaceAll("(?s).*-----BEGIN [^-]*-----(.*)-----END.*", "$1");
        return Base64.getMimeDecoder().decode(body.getBytes(StandardCharsets.US_ASCII));
    }
}
