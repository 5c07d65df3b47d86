package org.understudy.probes.tls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.policy.PublishedDemand.Demand;
import org.understudy.smtp.ServerTrust;
import org.understudy.smtp.SmtpEndpoint;
import org.understudy.smtp.SmtpFailure;

/**
 * Says what is wrong with TLS, and how much depends on it: where no policy asks for it senders take any certificate, and one
 * that a server has made itself is no fault. Stateless apart from the demand.
 */
final class TlsJudge {
    private final Demand demand;
    private final ServerTrust trust;

    TlsJudge(Demand demand, ServerTrust trust) {
        this.demand = demand;
        this.trust = trust;
    }

    private Severity severity(Severity otherwise) {
        return switch (demand) {
            case ENFORCED -> Severity.CRITICAL;
            case TESTED -> Severity.WARNING;
            case NONE -> otherwise;
        };
    }

    /**
     * STARTTLS is not offered; empty where nobody asks for it, and a backup is no worse than the primary.
     *
     * @param entranceSecured whether a primary or gateway has it
     */
    Optional<Finding> missing(Exchanger exchanger, SmtpEndpoint endpoint, boolean entranceSecured, String transcript) {
        boolean worse = exchanger.role() == Role.BACKUP && entranceSecured;
        if (!worse && demand == Demand.NONE) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                        FindingType.STARTTLS_MISSING_ON_BACKUP,
                        endpoint.toString(),
                        "The " + exchanger.role().word() + " " + endpoint + " does not offer STARTTLS",
                        Map.of("transcript", transcript))
                .withSeverity(severity(Severity.WARNING)));
    }

    /** The handshake failed because the server is too old; other failures are for another probe to say. */
    Optional<Finding> tooOld(SmtpEndpoint endpoint, SmtpFailure failure) {
        String detail = failure.detail();
        boolean old = detail.contains("protocol_version") || detail.contains("is not accepted by client preferences");
        return old
                ? Optional.of(Finding.of(
                        FindingType.TLS_VERSION_OR_CIPHER_OUTDATED,
                        endpoint.toString(),
                        endpoint + " speaks no version of TLS from 1.2 on",
                        Map.of(endpoint.toString(), detail)))
                : Optional.empty();
    }

    List<Finding> certificate(Secured secured) {
        List<Finding> findings = new ArrayList<>();
        boolean meant = demand != Demand.NONE || !secured.isSelfSigned();
        String endpoint = secured.endpoint().toString();
        if (meant) {
            trust.nameObjection(secured.endpoint().host(), secured.tls().chain())
                    .ifPresent(why -> findings.add(Finding.of(
                                    FindingType.TLS_CERT_BACKUP_MISMATCH,
                                    endpoint,
                                    "The " + secured.role().word() + " " + endpoint + ": " + why,
                                    evidence(secured))
                            .withSeverity(severity(Severity.INFO))));
            trust.chainObjection(secured.tls().chain())
                    .ifPresent(why -> findings.add(Finding.of(
                                    FindingType.TLS_CHAIN_UNTRUSTED,
                                    endpoint,
                                    "The " + secured.role().word() + " " + endpoint + ": " + why,
                                    evidence(secured))
                            .withSeverity(severity(Severity.WARNING))));
        }
        List<String> outdated = secured.outdated();
        if (!outdated.isEmpty()) {
            findings.add(Finding.of(
                    FindingType.TLS_VERSION_OR_CIPHER_OUTDATED,
                    endpoint,
                    endpoint + " " + String.join(" and ", outdated),
                    evidence(secured)));
        }
        return findings;
    }

    static Finding nameRequired(SmtpEndpoint endpoint, SmtpFailure failure) {
        return Finding.of(
                FindingType.TLS_SNI_REQUIRED,
                endpoint.toString(),
                endpoint + " refuses TLS from senders that do not name it in the handshake",
                Map.of("without its name", failure.toString(), "with its name", "the handshake succeeds"));
    }

    static Finding injection(SmtpEndpoint endpoint, String transcript) {
        return Finding.of(
                FindingType.STARTTLS_PLAINTEXT_INJECTION,
                endpoint.toString(),
                endpoint + " obeys under TLS what was sent before it in the clear",
                Map.of("transcript", transcript));
    }

    /** Backups that are weaker than a primary. */
    static List<Finding> parity(List<Secured> all) {
        List<Finding> findings = new ArrayList<>();
        for (Secured backup : all) {
            if (backup.role() != Role.BACKUP) {
                continue;
            }
            all.stream()
                    .filter(s -> s.role().isEntrance())
                    .flatMap(s -> backup.weakerThan(s).map(why -> parity(backup, s, why)).stream())
                    .findFirst()
                    .ifPresent(findings::add);
        }
        return findings;
    }

    private static Finding parity(Secured backup, Secured entrance, String why) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put(backup.endpoint().toString(), describe(backup));
        evidence.put(entrance.endpoint().toString(), describe(entrance));
        return Finding.of(
                FindingType.TLS_PARITY_DIFFERS,
                backup.endpoint().host(),
                "TLS of the backup " + backup.endpoint() + " is weaker than that of " + entrance.endpoint() + ": it "
                        + why,
                evidence);
    }

    static String describe(Secured secured) {
        return secured.tls().protocol() + " " + secured.tls().cipherSuite() + ", " + secured.key();
    }

    private static Map<String, String> evidence(Secured secured) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("subject", secured.leaf().getSubjectX500Principal().getName());
        evidence.put("issuer", secured.leaf().getIssuerX500Principal().getName());
        evidence.put("not after", secured.leaf().getNotAfter().toInstant().toString());
        evidence.put("session", describe(secured));
        return evidence;
    }
}
