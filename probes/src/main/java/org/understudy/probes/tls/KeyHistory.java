package org.understudy.probes.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.understudy.probes.Baselines;
import org.understudy.probes.Baselines.Baseline;
import org.understudy.probes.dns.TlsaRecord;
import org.understudy.smtp.DomainName;

/**
 * Whether servers keep their key when they renew their certificate, as far as that has been seen. Kept under the name of the TLSA
 * records: the key, and when the first and the last certificate with it began. Thread-safe as the baselines are.
 */
final class KeyHistory {
    private final Baselines baselines;

    KeyHistory(Baselines baselines) {
        this.baselines = baselines;
    }

    /** True if a key has outlived a certificate. Remembers what is seen now. */
    boolean isKept(DomainName owner, X509Certificate leaf) {
        TlsaRecord key = TlsaSet.of(leaf);
        Instant began = leaf.getNotBefore().toInstant();
        Optional<Baseline> known = baselines.find(owner).filter(b -> b.records().equals(key.association()));
        if (known.isEmpty()) {
            baselines.keep(owner, new Baseline(key.association(), began, key.association(), began));
            return false;
        }
        Baseline old = known.get();
        if (began.isAfter(old.successorSince())) {
            baselines.keep(owner, new Baseline(key.association(), old.since(), key.association(), began));
            return true;
        }
        return old.successorSince().isAfter(old.since());
    }
}
