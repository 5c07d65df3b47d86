package org.understudy.agent.health;

import com.codahale.metrics.health.HealthCheck;
import org.understudy.agent.tls.CertificateFiles;

/** Healthy while the certificate that is on disk is the one that clients are shown. */
public final class CertificateHealthCheck extends HealthCheck {
    private final CertificateFiles certificate;

    public CertificateHealthCheck(CertificateFiles certificate) {
        this.certificate = certificate;
    }

    @Override
    protected Result check() {
        return certificate.trouble().map(Result::unhealthy).orElse(Result.healthy());
    }
}
