package org.understudy.agent.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.understudy.agent.config.FileTrouble;
import org.understudy.spool.SpoolFinding;

/** How long a certificate is good for. Stateless. */
final class CertificateExpiry {
    /** Renewal that is automatic has happened by then. */
    private static final Duration SOON = Duration.ofDays(14);

    private CertificateExpiry() {}

    /** @param file PEM, the host's own certificate first */
    static SpoolFinding examine(Path file, Clock clock) {
        String where = "certificate " + file;
        try (InputStream in = Files.newInputStream(file)) {
            X509Certificate own =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            Instant end = own.getNotAfter().toInstant();
            Instant now = clock.instant();
            if (end.isBefore(now)) {
                return SpoolFinding.fault(
                        where,
                        "it is good until " + end + ", which is over",
                        "Renew it: senders that insist on TLS do not deliver. The agent takes the new one by itself.");
            }
            return end.isBefore(now.plus(SOON))
                    ? SpoolFinding.warning(
                            where,
                            "it is good until " + end + ", for "
                                    + Duration.between(now, end).toDays() + " more days",
                            "Renew it; the agent takes the new one by itself.")
                    : SpoolFinding.ok(where, "it is good until " + end);
        } catch (IOException | CertificateException e) {
            return SpoolFinding.fault(
                    where,
                    "it cannot be read: " + FileTrouble.describe(e),
                    "Correct spool.tls.certificateFile: the agent does not start with it.");
        }
    }
}
