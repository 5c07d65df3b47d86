package org.understudy.agent.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Certificates of authorities in a PEM file. Stateless. */
final class AuthorityFile {

    private AuthorityFile() {}

    /**
     * Reads all of them.
     *
     * @param key of the configuration, for the error message
     * @throws InvalidConfigurationException if there are none, or the file cannot be read
     */
    static List<X509Certificate> read(String key, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .filter(X509Certificate.class::isInstance)
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new InvalidConfigurationException(
                        key + ": there is no certificate in " + file + ": name a PEM file with one.");
            }
            return found;
        } catch (IOException e) {
            throw new InvalidConfigurationException(
                    key + ": " + file + " cannot be read: " + FileTrouble.describe(e) + ".", e);
        } catch (CertificateException e) {
            throw new InvalidConfigurationException(
                    key + ": " + file + " has no certificates in it: name a PEM file with the authorities.", e);
        }
    }
}
