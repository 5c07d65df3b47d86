package org.understudy.probes.tls;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.TlsaLookup.Published;
import org.understudy.probes.dns.TlsaLookup.State;
import org.understudy.probes.dns.TlsaRecord;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.SmtpEndpoint;

/** Says what is wrong with TLSA records. Stateless apart from the clock. */
final class DaneJudge {
    /** Above that answers no longer fit, and some senders give up. */
    private static final int MANY = 12;
    /** Whoever renews this soon should have published the next key. */
    private static final Duration NOTICE = Duration.ofDays(30);
    /** With how much of its life, at most, left a certificate is renewed. */
    private static final Duration RENEWAL = Duration.ofDays(30);

    private static final int THIRD = 3;

    private final Clock clock;

    DaneJudge(Clock clock) {
        this.clock = clock;
    }

    static Finding denialBroken(Exchanger exchanger, Published published) {
        return Finding.of(
                FindingType.TLSA_DENIAL_BROKEN,
                published.owner().text(),
                "Whether the " + exchanger.role().word() + " " + exchanger.host()
                        + " has TLSA records cannot be found out, although its addresses can: " + published.detail(),
                published.evidence());
    }

    /** Records that prove nothing since nothing proves them. */
    static Finding unproved(Exchanger exchanger, Published published, Severity severity) {
        return Finding.of(
                        FindingType.DANE_TLSA_INSECURE,
                        published.owner().text(),
                        "The TLSA records of the " + exchanger.role().word() + " " + exchanger.host()
                                + " are not signed, so that senders do not look at them",
                        evidence(published))
                .withSeverity(severity);
    }

    /** Records of exchangers that anybody could replace by others. */
    static Finding exchangeUnsigned(DomainName domain, List<Published> proved) {
        Map<String, String> evidence = new LinkedHashMap<>();
        proved.forEach(p -> evidence.putAll(evidence(p)));
        return Finding.of(
                FindingType.DANE_TLSA_INSECURE,
                domain.text(),
                "The exchangers of " + domain + " have TLSA records, but the MX records that name them are not signed",
                evidence);
    }

    static Finding missing(Exchanger backup, Published published, Exchanger entrance, Optional<X509Certificate> leaf) {
        String why = published.state() == State.UNSIGNED ? ", and is in a zone that is not signed" : "";
        String data = leaf.map(c -> TlsaSet.of(c).toString())
                .orElse("3 1 1 <SHA-256 of its public key in hexadecimal digits>");
        return Finding.of(
                        FindingType.DANE_TLSA_MISSING_FOR_BACKUP,
                        backup.host().text(),
                        "The backup " + backup.host() + " has no TLSA records" + why + "; the "
                                + entrance.role().word() + " " + entrance.host() + " has some",
                        Map.of(
                                published.owner().text(),
                                published.state().name().toLowerCase(java.util.Locale.ROOT)))
                .withFix(published.owner() + ". 3600 IN TLSA " + data);
    }

    static Finding unusable(Exchanger exchanger, Published published) {
        Map<String, String> evidence = new LinkedHashMap<>();
        published
                .records()
                .forEach(r -> evidence.put(
                        published.owner() + " TLSA " + r, TlsaSet.unusable(r).orElse("usable")));
        return Finding.of(
                FindingType.DANE_RECORDS_UNUSABLE,
                published.owner().text(),
                "None of the TLSA records of the " + exchanger.role().word() + " " + exchanger.host()
                        + " is of use to senders of mail",
                evidence);
    }

    /** Senders deliver to nobody whom no record accepts. */
    static Finding mismatch(
            Exchanger exchanger,
            SmtpEndpoint endpoint,
            Published published,
            DaneCheck check,
            List<X509Certificate> chain) {
        Map<String, String> evidence = evidence(published);
        evidence.put("objections", String.join("\n", check.objections(chain)));
        evidence.put("presented", chain.stream().map(DaneJudge::describe).collect(Collectors.joining("\n")));
        return Finding.of(
                        FindingType.DANE_TLSA_MISMATCH,
                        endpoint.toString(),
                        "The " + exchanger.role().word() + " " + endpoint + " is none that its TLSA records speak of",
                        evidence)
                .withFix(published.owner() + ". 3600 IN TLSA " + TlsaSet.of(chain.get(0)));
    }

    /** Records are a promise of TLS (RFC 7672 section 2.2). */
    static Finding withoutTls(Exchanger exchanger, SmtpEndpoint endpoint, Published published, String transcript) {
        Map<String, String> evidence = evidence(published);
        evidence.put("transcript", transcript);
        return Finding.of(
                FindingType.DANE_TLSA_MISMATCH,
                endpoint.toString(),
                "The " + exchanger.role().word() + " " + endpoint + " has TLSA records and does not offer STARTTLS",
                evidence);
    }

    /**
     * The next renewal leaves nothing that matches, or the set has grown too large.
     *
     * @param keyKept whether the server has kept its key over a renewal
     */
    Optional<Finding> rollover(
            Exchanger exchanger, Published published, DaneCheck check, List<X509Certificate> chain, boolean keyKept) {
        int records = published.records().size();
        if (records > MANY) {
            return Optional.of(
                    atRisk(exchanger, published, "has " + records + " TLSA records, too many for some senders"));
        }
        Optional<TlsaRecord> accepting = check.accepting(chain);
        X509Certificate leaf = chain.get(0);
        // An authority that is named stays the same when a certificate is renewed.
        boolean lasting = check.set()
                .counting(TlsaSet.DANE_TA)
                .anyMatch(r -> chain.stream().skip(1).anyMatch(c -> TlsaSet.names(r, c)));
        boolean nextPublished = check.set().counting(TlsaSet.DANE_EE).anyMatch(r -> !TlsaSet.names(r, leaf));
        if (accepting.isEmpty() || lasting || nextPublished) {
            return Optional.empty();
        }
        boolean byKey = check.set().counting(TlsaSet.DANE_EE).anyMatch(r -> r.selector() == TlsaSet.KEY);
        if ((keyKept && byKey) || !isDue(leaf)) {
            return Optional.empty();
        }
        boolean oldAuthority = check.set().counting(TlsaSet.DANE_TA).findAny().isPresent();
        return Optional.of(atRisk(
                exchanger,
                published,
                (oldAuthority
                                ? "names an authority that its certificate does not come from"
                                : "has a TLSA record for its present " + (byKey ? "key" : "certificate") + " only")
                        + ", and the certificate ends on " + leaf.getNotAfter().toInstant()));
    }

    private static Finding atRisk(Exchanger exchanger, Published published, String why) {
        return Finding.of(
                FindingType.DANE_ROLLOVER_AT_RISK,
                published.owner().text(),
                "The " + exchanger.role().word() + " " + exchanger.host() + " " + why,
                evidence(published));
    }

    /** True if the renewal is a month away: with a third of its life left, or a month if that is less. */
    private boolean isDue(X509Certificate leaf) {
        Instant end = leaf.getNotAfter().toInstant();
        Duration third = Duration.between(leaf.getNotBefore().toInstant(), end).dividedBy(THIRD);
        Duration left = third.compareTo(RENEWAL) < 0 ? third : RENEWAL;
        return clock.instant().plus(left).plus(NOTICE).isAfter(end);
    }

    private static Map<String, String> evidence(Published published) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put(
                published.owner() + " TLSA",
                published.records().stream().map(TlsaRecord::toString).collect(Collectors.joining("\n")));
        return evidence;
    }

    private static String describe(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName() + ", key "
                + TlsaSet.of(certificate).association();
    }
}
