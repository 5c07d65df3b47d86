package org.understudy.interop.gauntlet;

import static org.understudy.interop.gauntlet.Domain.broken;
import static org.understudy.interop.gauntlet.Domain.healthy;

import java.util.List;

/** Domains with TLSA records. */
final class DaneDomains {
    private static final String GOOD = " TLSA 3 1 1 <key>";
    private static final String OTHER = " TLSA 3 1 1 " + "5a".repeat(32);
    private static final String FIRST = "_25._tcp.mx1";
    private static final String SECOND = "_25._tcp.mx2";

    private DaneDomains() {}

    static List<Domain> all() {
        return List.of(
                healthy("dane", "TLSA records for both hosts")
                        .signed(Signing.GOOD)
                        .record(FIRST + GOOD)
                        .record(SECOND + GOOD),
                healthy("dane-rolling", "TLSA records for the present and the next key")
                        .signed(Signing.GOOD)
                        .record(FIRST + GOOD)
                        .record(FIRST + OTHER)
                        .record(SECOND + GOOD)
                        .record(SECOND + OTHER),
                healthy("dane-self-made", "a certificate that only its TLSA record proves")
                        .signed(Signing.GOOD_NSEC3)
                        .bothSpeak(host -> host.shows(CertificateKind.SELF_MADE))
                        .record(FIRST + " TLSA 3 1 1 <key SELF_MADE>")
                        .record(SECOND + " TLSA 3 1 1 <key SELF_MADE>"),
                broken("dane-backup-bare", "the primary has TLSA records, the backup has none")
                        .signed(Signing.GOOD)
                        .record(FIRST + GOOD)
                        .finds("dane-tlsa-missing-for-backup"),
                broken("dane-other-key", "the TLSA record of the backup is for another key")
                        .signed(Signing.GOOD)
                        .record(FIRST + GOOD)
                        .record(SECOND + OTHER)
                        .finds("dane-tlsa-mismatch critical"),
                broken("dane-clear", "the backup has a TLSA record and no STARTTLS")
                        .signed(Signing.GOOD)
                        .record(FIRST + GOOD)
                        .record(SECOND + GOOD)
                        .speaks("mx2", MailHost::inTheClear)
                        .finds("dane-tlsa-mismatch critical", "starttls-missing-on-backup"),
                broken("dane-renewal", "a new certificate is due, and no key for it is published")
                        .signed(Signing.GOOD)
                        .record(FIRST + " TLSA 3 1 1 <key EXPIRING>")
                        .record(SECOND + GOOD)
                        .speaks("mx1", host -> host.shows(CertificateKind.EXPIRING))
                        .finds("dane-rollover-at-risk", "tls-cert-expiring"),
                broken("dane-unsigned", "TLSA records in a zone that is not signed")
                        .record(FIRST + GOOD)
                        .record(SECOND + GOOD)
                        .finds("dane-tlsa-insecure"),
                broken("dane-unusable", "TLSA records that ask for a public authority")
                        .signed(Signing.GOOD)
                        .record(FIRST + " TLSA 1 1 1 <key>")
                        .record(SECOND + " TLSA 1 1 1 <key>")
                        .finds("dane-records-unusable"),
                broken("dane-undeniable", "that a name has no TLSA record cannot be proved")
                        .host("mx1", "<1>", "<v6:1>")
                        .host("mx2", "<2>", "<v6:2>")
                        .signed(Signing.DENIAL_BROKEN)
                        .finds("tlsa-denial-broken critical")
                        .andPerhaps("dnssec-bogus"));
    }
}
