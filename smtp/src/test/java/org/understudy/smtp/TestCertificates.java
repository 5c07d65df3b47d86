package org.understudy.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Self-signed certificates made when a test asks for them, one per name and validity. Thread-safe. */
public final class TestCertificates {
    private static final char[] PASSWORD = Keytool.PASSWORD.toCharArray();
    private static final Map<String, SSLContext> MADE = new ConcurrentHashMap<>();

    private TestCertificates() {}

    /** A certificate that is valid for a year. */
    public static SSLContext valid(String name) {
        return MADE.computeIfAbsent(name, n -> make(n, "-1d", 365));
    }

    /** A certificate that ended yesterday. */
    public static SSLContext expired(String name) {
        return MADE.computeIfAbsent("expired " + name, n -> make(name, "-10d", 9));
    }

    /** A certificate that ends in some days. */
    public static SSLContext expiring(String name, int days) {
        return MADE.computeIfAbsent(days + " " + name, n -> make(name, "-1d", days + 1));
    }

    private static SSLContext make(String name, String start, int days) {
        try {
            Path file = Files.createTempFile("certificate", ".p12");
            Files.delete(file);
            Keytool.generate(
                    file,
                    "server",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=dns:" + name,
                    "-startdate",
                    start,
                    "-validity",
                    Integer.toString(days));
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            Files.delete(file);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
