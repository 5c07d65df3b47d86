package org.understudy.agent.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.understudy.agent.cli.StartupException;
import org.understudy.agent.config.FileTrouble;
import org.understudy.agent.config.TlsSection;

/** Makes the TLS context of a server, from PEM files or from a self-signed certificate of our own. Stateless. */
public final class ServerCertificate {
    private static final char[] STORE_PASSWORD = "understudy".toCharArray();
    private static final int VALID_DAYS = 3650;
    private static final int KEYTOOL_SECONDS = 60;

    private ServerCertificate() {}

    /**
     * Reads certificate chain and key.
     *
     * @throws StartupException if one of them cannot be read or they are not PEM
     */
    public static SSLContext fromFiles(TlsSection files) {
        try (InputStream in = Files.newInputStream(files.certificateFile())) {
            List<Certificate> chain =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (chain.isEmpty()) {
                throw new StartupException(
                        "spool.tls.certificateFile: " + files.certificateFile() + " holds no PEM certificate.", null);
            }
            PrivateKey key = privateKey(files.keyFile());
            if (!belongTogether(key, chain.get(0).getPublicKey())) {
                throw new StartupException(
                        "spool.tls: the key in " + files.keyFile() + " is not the one of the first certificate in "
                                + files.certificateFile() + ".",
                        null);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, STORE_PASSWORD);
            store.setKeyEntry("server", key, STORE_PASSWORD, chain.toArray(new Certificate[0]));
            return context(store);
        } catch (IOException | GeneralSecurityException e) {
            throw new StartupException(
                    "spool.tls: " + files.certificateFile() + " and " + files.keyFile()
                            + " cannot be used (" + FileTrouble.describe(e)
                            + "): both must be PEM, readable by this user, the key as PKCS#8.",
                    e);
        }
    }

    /**
     * The self-signed certificate of this host, made at the first call and kept. Senders use it opportunistically, as they do
     * with the certificate that mail servers come with.
     *
     * @param store PKCS#12 file, created with mode 0600
     * @throws StartupException if it cannot be made or read
     */
    public static SSLContext selfSigned(Path store, String hostName) {
        try {
            if (!Files.exists(store)) {
                generate(store, hostName);
            }
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, STORE_PASSWORD);
            }
            return context(keys);
        } catch (IOException | GeneralSecurityException e) {
            throw new StartupException(
                    "The self-signed certificate " + store + " cannot be made or read (" + e.getMessage()
                            + "): delete it to have a new one, or name your own under spool.tls.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("Interrupted while making the certificate " + store + ".", e);
        }
    }

    private static void generate(Path store, String hostName) throws IOException, InterruptedException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        // keytool is part of every JDK and JRE image; the JDK has no public API that makes a certificate.
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        // It lives for a moment.
                        "-J-XX:TieredStopAtLevel=1",
                        "-J-XX:+UseSerialGC",
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + hostName,
                        "-ext",
                        "san=dns:" + hostName,
                        "-validity",
                        Integer.toString(VALID_DAYS),
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(STORE_PASSWORD))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("keytool: " + said.strip());
        }
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-------"));
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.US_ASCII);
        String body = pem.replaceAll("(?s).*-----BEGIN PRIVATE KEY-----(.*)-----END PRIVATE KEY-----.*", "$1");
        byte[] der = Base64.getMimeDecoder().decode(body);
        @Nullable InvalidKeySpecException last = null;
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                last = e;
            }
        }
        throw new InvalidKeySpecException("no RSA, EC or Ed25519 key in PKCS#8", last);
    }

    /** A key store takes any pair; clients would find out. */
    private static boolean belongTogether(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm = key instanceof RSAPrivateKey
                ? "SHA256withRSA"
                : key instanceof ECPrivateKey ? "SHA256withECDSA" : "EdDSA";
        byte[] sample = "Understudy".getBytes(StandardCharsets.US_ASCII);
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(sample);
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        try {
            verifying.initVerify(certified);
            verifying.update(sample);
            return verifying.verify(signature);
        } catch (InvalidKeyException | SignatureException e) {
            return false;
        }
    }

    private static SSLContext context(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, STORE_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
