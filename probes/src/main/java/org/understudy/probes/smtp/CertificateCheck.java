package org.understudy.probes.smtp;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.TlsDetails;

/** Looks when the certificates of a session end: the one that ends first decides, wherever it stands in the chain. */
final class CertificateCheck {
    private static final Duration SOON = Duration.ofDays(14);

    private final Clock clock;

    CertificateCheck(Clock clock) {
        this.clock = clock;
    }

    void judge(ResultBuilder result, SmtpEndpoint endpoint, Optional<TlsDetails> tls) {
        tls.map(TlsDetails::chain).filter(chain -> !chain.isEmpty()).ifPresent(chain -> judge(result, endpoint, chain));
    }

    private void judge(ResultBuilder result, SmtpEndpoint endpoint, List<X509Certificate> chain) {
        X509Certificate first = chain.stream()
                .min(Comparator.comparing(X509Certificate::getNotAfter))
                .orElseThrow();
        Instant end = first.getNotAfter().toInstant();
        Instant now = clock.instant();
        result.measurement("tls_certificate_not_after_timestamp_seconds", (double) end.getEpochSecond());
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("subject", first.getSubjectX500Principal().getName());
        evidence.put("issuer", first.getIssuerX500Principal().getName());
        evidence.put("not after", end.toString());
        if (!result.hasFindings()) {
            result.fact("certificate", evidence.get("subject") + ", until " + end);
        }
        if (end.isBefore(now)) {
            result.finding(Finding.of(
                    FindingType.TLS_CERT_EXPIRED,
                    endpoint.toString(),
                    "The certificate of " + endpoint + " expired on " + end,
                    evidence));
        } else if (end.isBefore(now.plus(SOON))) {
            result.finding(Finding.of(
                    FindingType.TLS_CERT_EXPIRING,
                    endpoint.toString(),
                    "The certificate of " + endpoint + " expires on " + end,
                    evidence));
        }
    }
}
