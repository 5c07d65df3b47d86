package org.understudy.probes.smtp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.SmtpIntent;

/** Judges what an exchanger answers by itself, whatever others answer. Stateless. */
final class AnswersJudge {
    /** RFC 5321 section 4.5.3.1.8. */
    private static final int RECIPIENTS = 100;

    private final MailDomain domain;
    private final Exchanger exchanger;
    private final SmtpIntent intent;

    AnswersJudge(MailDomain domain, Exchanger exchanger) {
        this.domain = domain;
        this.exchanger = exchanger;
        this.intent = domain.intent().smtp();
    }

    /** @param open the addresses that gave a session, of which at least one did */
    void judge(ResultBuilder result, List<AddressAnswers> open) {
        relaying(result, open);
        nullSender(result, open);
        postmaster(result, open);
        limits(result, open);
        verification(result, open);
        if (exchanger.role() == Role.BACKUP) {
            services(result, open);
        }
        if (exchanger.role().isEntrance() && !intent.catchAll().orElse(true)) {
            report(
                    result,
                    Finding.of(
                            FindingType.CALLOUT_UNRELIABLE,
                            exchanger.host().text(),
                            exchanger.host()
                                    + " takes recipients at RCPT who do not exist, and is declared to be no catch-all",
                            evidence(open, Topic.UNKNOWN, Asked::isTaken)));
        }
    }

    private void relaying(ResultBuilder result, List<AddressAnswers> open) {
        Map<String, String> evidence = evidence(open, Topic.RELAY, Asked::isTaken);
        for (AddressAnswers address : open) {
            // A catch-all takes such addresses for its own.
            boolean takesAnybody = address.any(Topic.UNKNOWN, Asked::isTaken);
            if (!takesAnybody) {
                evidence.putAll(evidence(List.of(address), Topic.RELAY_BY_LOCAL_PART, Asked::isTaken));
            }
        }
        report(
                result,
                Finding.of(
                        FindingType.BACKUP_OPEN_RELAY,
                        exchanger.host().text(),
                        "The " + exchanger.role().word() + " " + exchanger.host()
                                + " takes mail from strangers for domains of others",
                        evidence));
    }

    /** RFC 5321 section 4.5.5; only where the same recipient is taken from another sender. */
    private void nullSender(ResultBuilder result, List<AddressAnswers> open) {
        List<AddressAnswers> taking = open.stream()
                .filter(a -> Stream.concat(a.all(Topic.KNOWN).stream(), a.all(Topic.POSTMASTER).stream())
                        .findFirst()
                        .filter(Asked::isTaken)
                        .isPresent())
                .filter(a -> a.any(Topic.SENDER, Asked::isTaken))
                .toList();
        Map<String, String> refused = evidence(taking, Topic.NULL_SENDER, Asked::isRefused);
        Map<String, String> evidence = new LinkedHashMap<>(refused);
        evidence.putAll(evidence(taking, Topic.NULL_SENDER, a -> a.standing() == Standing.PUT_OFF));
        Finding finding = Finding.of(
                FindingType.NULL_SENDER_REJECTED,
                exchanger.host().text(),
                exchanger.host() + " does not take bounces: " + first(evidence),
                evidence);
        report(result, refused.isEmpty() ? finding.withSeverity(Severity.WARNING) : finding);
    }

    /** RFC 5321 section 4.5.1 and RFC 2142. Where everything is refused, that is said elsewhere. */
    private void postmaster(ResultBuilder result, List<AddressAnswers> open) {
        List<AddressAnswers> taking = open.stream()
                .filter(a -> a.all(Topic.KNOWN).isEmpty() || a.any(Topic.KNOWN, Asked::isTaken))
                .toList();
        Map<String, String> refused =
                evidence(taking, Topic.POSTMASTER, a -> a.isRefused() && !Standing.saysRelaying(a.reply()));
        Map<String, String> evidence = new LinkedHashMap<>(refused);
        if (!evidence.isEmpty() || taking.stream().anyMatch(a -> a.any(Topic.POSTMASTER, Asked::isTaken))) {
            evidence.putAll(evidence(taking, Topic.BARE_POSTMASTER, Asked::isRefused));
            evidence.putAll(evidence(taking, Topic.ABUSE, Asked::isRefused));
        }
        Finding finding = Finding.of(
                FindingType.POSTMASTER_REJECTED,
                exchanger.host().text(),
                exchanger.host() + " refuses an address that everybody must be able to write to: " + first(evidence),
                evidence);
        report(result, refused.isEmpty() ? finding.withSeverity(Severity.INFO) : finding);
    }

    /** RFC 9422 section 4. */
    private void limits(ResultBuilder result, List<AddressAnswers> open) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (AddressAnswers address : open) {
            Limits.recipients(address.offered())
                    .filter(limit -> limit < RECIPIENTS)
                    .ifPresent(limit -> evidence.put(
                            address.endpoint() + " LIMITS",
                            address.offered().parameters("LIMITS").orElse("")));
        }
        report(
                result,
                Finding.of(
                        FindingType.RECIPIENT_LIMIT_TOO_LOW,
                        exchanger.host().text(),
                        exchanger.host() + " takes fewer than " + RECIPIENTS + " recipients with a message",
                        evidence));
    }

    private void verification(ResultBuilder result, List<AddressAnswers> open) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (AddressAnswers address : open) {
            boolean tells = address.any(Topic.VRFY_KNOWN, Asked::isVerified)
                    && address.any(Topic.VRFY_UNKNOWN, a -> !a.isTaken());
            if (tells) {
                evidence.putAll(evidence(List.of(address), Topic.VRFY_KNOWN, a -> true));
                evidence.putAll(evidence(List.of(address), Topic.VRFY_UNKNOWN, a -> true));
            }
        }
        // 252 says nothing: RFC 5321 section 3.5.3.
        evidence.putAll(evidence(open, Topic.EXPN, a -> a.isTaken() && a.reply().code() != 252));
        evidence.putAll(evidence(open, Topic.ETRN, Asked::isTaken));
        if (exchanger.role() == Role.BACKUP) {
            for (String extension : List.of("XCLIENT", "XFORWARD")) {
                open.stream()
                        .filter(a -> a.offered().offers(extension))
                        .forEach(a -> evidence.put(a.endpoint() + " EHLO " + extension, "offered"));
            }
        }
        report(
                result,
                Finding.of(
                        FindingType.VRFY_EXPN_ETRN_OPEN,
                        exchanger.host().text(),
                        exchanger.host() + " tells or does for strangers what it need not: " + first(evidence),
                        evidence));
    }

    private void services(ResultBuilder result, List<AddressAnswers> open) {
        refusesDomain(result, open);
        Map<String, String> evidence = new LinkedHashMap<>();
        for (AddressAnswers address : open) {
            address.inClear()
                    .parameters("AUTH")
                    .ifPresent(mechanisms -> evidence.put(address.endpoint() + " AUTH, in the clear", mechanisms));
            address.offered()
                    .parameters("AUTH")
                    .filter(mechanisms -> address.tls().isPresent())
                    .ifPresent(mechanisms -> evidence.put(address.endpoint() + " AUTH, under TLS", mechanisms));
        }
        if (!intent.takesSubmission()) {
            report(
                    result,
                    Finding.of(
                            FindingType.BACKUP_OFFERS_AUTH_OR_SUBMISSION,
                            exchanger.host().text(),
                            "The backup " + exchanger.host() + " lets users log in, where nobody watches",
                            evidence));
        }
    }

    /** Everybody who must be taken is refused, or one with words that leave no doubt. */
    private void refusesDomain(ResultBuilder result, List<AddressAnswers> open) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (AddressAnswers address : open) {
            List<Asked> recipients = new ArrayList<>(address.all(Topic.KNOWN));
            recipients.addAll(address.all(Topic.POSTMASTER));
            boolean allRefused = !recipients.isEmpty()
                    && recipients.stream().allMatch(a -> address.standing(a.reply()) == Standing.REFUSED);
            boolean certain = !address.all(Topic.KNOWN).isEmpty()
                    || recipients.stream().anyMatch(a -> Standing.saysRelaying(a.reply()));
            if (allRefused && certain) {
                recipients.forEach(a -> evidence.put(
                        address.endpoint() + " RCPT " + a.subject(), a.reply().toString()));
            }
        }
        report(
                result,
                Finding.of(
                        FindingType.BACKUP_REFUSES_DOMAIN,
                        exchanger.host().text(),
                        "The backup " + exchanger.host() + " refuses all mail for " + domain.name() + ": "
                                + first(evidence),
                        evidence));
    }

    private static void report(ResultBuilder result, Finding finding) {
        if (!finding.evidence().isEmpty()) {
            result.finding(finding);
        }
    }

    private static String first(Map<String, String> evidence) {
        return evidence.entrySet().stream()
                .findFirst()
                .map(e -> e.getKey() + " " + e.getValue())
                .orElse("");
    }

    static Map<String, String> evidence(List<AddressAnswers> open, Topic topic, Predicate<Asked> test) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (AddressAnswers address : open) {
            address.all(topic).stream()
                    .filter(test)
                    .forEach(a -> evidence.put(
                            address.endpoint() + " " + topic.label() + " " + a.subject(),
                            a.reply().toString()));
        }
        return evidence;
    }
}
