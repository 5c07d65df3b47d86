package org.understudy.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certification authority that nobody knows, made when a test asks for it, and the certificates it issues. Thread-safe. */
public final class TestAuthority {
    private static final String AUTHORITY = "authority";
    private static final Map<String, TestAuthority> MADE = new ConcurrentHashMap<>();

    /**
     * A server's certificate.
     *
     * @param context with which a server shows it
     */
    public record Issued(SSLContext context, X509Certificate certificate) {}

    private final Path file;
    private final X509Certificate certificate;
    private final Map<String, Issued> issued = new ConcurrentHashMap<>();
    private int servers;

    private TestAuthority(String name) {
        try {
            file = Files.createTempFile("authority", ".p12");
            Files.delete(file);
            file.toFile().deleteOnExit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Keytool.generate(file, AUTHORITY, "-dname", "CN=" + name, "-ext", "bc:c", "-validity", "365");
        // Read once, while nobody else knows the file: each certificate that is issued writes it anew.
        certificate = (X509Certificate) entry(store -> store.getCertificate(AUTHORITY));
    }

    public static TestAuthority named(String name) {
        return MADE.computeIfAbsent(name, TestAuthority::new);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** A certificate that is valid for a year, with this subjectAltName, as {@code dns:mx.test}. */
    public Issued issue(String alternativeName) {
        return issue(alternativeName, "-1d", 365);
    }

    /** A certificate that ended yesterday. */
    public Issued expired(String alternativeName) {
        return issue(alternativeName, "-10d", 9);
    }

    private Issued issue(String alternativeName, String start, int days) {
        return issued.computeIfAbsent(alternativeName + " " + start, any -> make(alternativeName, start, days));
    }

    private synchronized Issued make(String alternativeName, String start, int days) {
        String alias = "server" + ++servers;
        Keytool.generate(
                file,
                alias,
                "-signer",
                AUTHORITY,
                "-dname",
                "CN=server",
                "-ext",
                "san=" + alternativeName,
                "-startdate",
                start,
                "-validity",
                Integer.toString(days));
        return (Issued) entry(store -> {
            char[] password = Keytool.PASSWORD.toCharArray();
            KeyStore one = KeyStore.getInstance("PKCS12");
            one.load(null, null);
            X509Certificate shown = (X509Certificate) store.getCertificate(alias);
            one.setKeyEntry("server", (PrivateKey) store.getKey(alias, password), password, new X509Certificate[] {
                shown, certificate
            });
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(one, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new Issued(context, shown);
        });
    }

    @FunctionalInterface
    private interface Reader {
        Object read(KeyStore store) throws GeneralSecurityException, IOException;
    }

    private Object entry(Reader reader) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, Keytool.PASSWORD.toCharArray());
            return reader.read(store);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
