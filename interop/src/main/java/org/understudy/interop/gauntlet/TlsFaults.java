package org.understudy.interop.gauntlet;

import static org.understudy.interop.gauntlet.Domain.broken;

import java.util.List;
import org.understudy.interop.gauntlet.MailHost.Handshake;

/** Faults of encryption, and of what is published about it and about senders. */
final class TlsFaults {
    private static final String REPORTS = "_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@plain." + Places.TOP + "\"";
    private static final String STS = "_mta-sts TXT \"v=STSv1; id=1\"";

    private TlsFaults() {}

    static List<Domain> tls() {
        return List.of(
                broken("backup-clear", "the backup offers no STARTTLS")
                        .speaks("mx2", MailHost::inTheClear)
                        .finds("starttls-missing-on-backup"),
                broken("primary-clear-enforced", "the primary offers no STARTTLS, and the policy asks for it")
                        .enforces("mx1", "mx2")
                        .speaks("mx1", MailHost::inTheClear)
                        .finds("starttls-missing-on-backup critical"),
                broken("no-handshake", "STARTTLS is offered and leads nowhere")
                        .speaks("mx2", host -> host.secures(Handshake.BROKEN))
                        .finds("tls-handshake-fails"),
                broken("expired", "the backup's certificate has expired")
                        .speaks("mx2", host -> host.shows(CertificateKind.EXPIRED))
                        .finds("tls-cert-expired critical")
                        .andPerhaps("tls-chain-untrusted"),
                broken("expiring", "the primary's certificate ends in five days")
                        .speaks("mx1", host -> host.shows(CertificateKind.EXPIRING))
                        .finds("tls-cert-expiring"),
                broken("other-name", "the backup's certificate is for another name, and the policy is enforced")
                        .enforces("mx1", "mx2")
                        .speaks("mx2", host -> host.shows(CertificateKind.OTHER_NAME))
                        .finds("tls-cert-backup-mismatch critical"),
                broken("unknown-authority", "nobody knows the backup's authority, and the policy is enforced")
                        .enforces("mx1", "mx2")
                        .speaks("mx2", host -> host.shows(CertificateKind.UNKNOWN_AUTHORITY))
                        .finds("tls-chain-untrusted critical"),
                broken("self-made-enforced", "the backup made its certificate itself, and the policy is enforced")
                        .enforces("mx1", "mx2")
                        .speaks("mx2", host -> host.shows(CertificateKind.SELF_MADE))
                        .finds("tls-chain-untrusted critical"),
                broken("short-key", "the backup has a key of 1024 bits")
                        .speaks("mx2", host -> host.shows(CertificateKind.SHORT_KEY))
                        .finds("tls-version-or-cipher-outdated"),
                broken("weaker", "the backup speaks an older TLS than the primary")
                        .speaks("mx2", host -> host.secures(Handshake.WITHOUT_TLS13))
                        .finds("tls-parity-differs"),
                broken("needs-name", "the backup refuses TLS to who does not name it")
                        .speaks("mx2", host -> host.secures(Handshake.NEEDS_NAME))
                        .finds("tls-sni-required"),
                broken("injection", "the primary obeys under TLS what came in the clear")
                        .speaks("mx1", host -> host.secures(Handshake.OBEDIENT))
                        .finds("starttls-plaintext-injection critical"));
    }

    static List<Domain> policy() {
        return List.of(
                broken("sts-omits", "the enforced policy leaves the backup out")
                        .enforces("mx1")
                        .finds("mta-sts-policy-omits-backup critical"),
                broken("sts-omits-deep", "the pattern of the policy is one label short")
                        .without("mx2")
                        .host("mx2.b.in", "<2>")
                        .mx("10 mx1", "20 mx2.b.in")
                        .tiers("mx1 primary", "mx2.b.in backup")
                        .enforces("mx1", "*.in")
                        .finds("mta-sts-policy-omits-backup critical"),
                broken("sts-404", "there is no policy where it should be")
                        .policy(PolicyPage.of("enforce", "sts-404", "mx1", "mx2")
                                .answering("404 Not Found", "Content-Type: text/plain"))
                        .finds("mta-sts-policy-unfetchable"),
                broken("sts-redirect", "the policy is redirected")
                        .policy(PolicyPage.of("enforce", "sts-redirect", "mx1", "mx2")
                                .answering("302 Found", "Location: https://www.sts-redirect." + Places.TOP + "/"))
                        .finds("mta-sts-policy-unfetchable"),
                broken("sts-certificate", "the policy host's certificate is for another name")
                        .policy(PolicyPage.of("enforce", "sts-certificate", "mx1", "mx2")
                                .showing(CertificateKind.OTHER_NAME))
                        .finds("mta-sts-policy-unfetchable"),
                broken("sts-authority", "nobody knows the policy host's authority")
                        .policy(PolicyPage.of("enforce", "sts-authority", "mx1", "mx2")
                                .showing(CertificateKind.UNKNOWN_AUTHORITY))
                        .finds("mta-sts-policy-unfetchable"),
                broken("sts-nowhere", "a record, and no policy host")
                        .record(STS)
                        .record(REPORTS)
                        .finds("mta-sts-policy-unfetchable"),
                broken("sts-invalid", "the policy has no mode")
                        .policy(PolicyPage.of("enforce", "sts-invalid", "mx1", "mx2")
                                .saying("version: STSv1\nmx: *.sts-invalid." + Places.TOP + "\nmax_age: 604800\n"))
                        .finds("mta-sts-policy-invalid"),
                broken("sts-html", "the policy comes as HTML")
                        .policy(PolicyPage.of("enforce", "sts-html", "mx1", "mx2")
                                .answering("200 OK", "Content-Type: text/html"))
                        .finds("mta-sts-policy-invalid"),
                broken("sts-record", "the record has no id")
                        .record("_mta-sts TXT \"v=STSv1;\"")
                        .record(REPORTS)
                        .page(PolicyPage.of("enforce", "sts-record", "mx1", "mx2"))
                        .finds("mta-sts-policy-invalid"),
                broken("sts-two-records", "two records, so that there is no policy")
                        .record("_mta-sts TXT \"v=STSv1; id=0\"")
                        .enforces("mx1", "mx2")
                        .finds("mta-sts-txt-policy-out-of-step"),
                broken("sts-servers-differ", "the name servers have different records")
                        .recordAt(1, "_mta-sts TXT \"v=STSv1; id=1\"")
                        .recordAt(2, "_mta-sts TXT \"v=STSv1; id=2\"")
                        .record(REPORTS)
                        .page(PolicyPage.of("enforce", "sts-servers-differ", "mx1", "mx2"))
                        .finds("mta-sts-txt-policy-out-of-step"),
                broken("sts-former", "the policy allows a former provider")
                        .enforces("mx1", "mx2", "mx.former-provider." + Places.TOP + ".")
                        .finds("mta-sts-lists-unknown-host"),
                broken("sts-weak", "the policy is kept for an hour")
                        .policy(PolicyPage.text("enforce", 3600, "sts-weak", "mx1", "mx2"))
                        .finds("mta-sts-weak"),
                broken("tlsrpt-missing", "a policy, and no reports")
                        .record(STS)
                        .page(PolicyPage.of("enforce", "tlsrpt-missing", "mx1", "mx2"))
                        .finds("tlsrpt-missing-or-unusable warning"),
                broken("tlsrpt-nowhere", "reports go to a host that does not exist")
                        .record(STS)
                        .record("_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:tls@gone.tlsrpt-nowhere." + Places.TOP + "\"")
                        .page(PolicyPage.of("enforce", "tlsrpt-nowhere", "mx1", "mx2"))
                        .finds("tlsrpt-missing-or-unusable warning"),
                broken("tlsrpt-invalid", "the reporting record has no rua")
                        .record("_smtp._tls TXT \"v=TLSRPTv1;\"")
                        .finds("tlsrpt-missing-or-unusable warning"),
                broken("spf-backup", "a provider's backup may send as the domain")
                        .mx("10 mx1", "20 mx1.provider." + Places.TOP + ".")
                        .without("mx2")
                        .tiers("mx1 primary", "mx1.provider." + Places.TOP + ". backup")
                        .record("@ TXT \"v=spf1 mx -all\"")
                        .finds("spf-authorises-backup-needlessly"),
                broken("spf-broken", "SPF that cannot be evaluated")
                        .record("@ TXT \"v=spf1 ip4:300.1.1.1 -all\"")
                        .finds("spf-authorises-backup-needlessly warning"),
                broken("spf-loop", "SPF that includes itself")
                        .record("@ TXT \"v=spf1 include:spf-loop." + Places.TOP + " -all\"")
                        .finds("spf-authorises-backup-needlessly warning"),
                broken("notices-fail", "SPF of the backup's own name says that it sends nothing")
                        .record("mx2 TXT \"v=spf1 -all\"")
                        .finds("backup-dsn-identity-unauthenticated"),
                broken("notices-unproven", "DMARC asks to refuse what the backup does not prove")
                        .record("_dmarc TXT \"v=DMARC1; p=reject\"")
                        .finds("backup-dsn-identity-unauthenticated"),
                broken("listed", "the backup is on a block list").finds("backup-on-dnsbl"));
    }
}
