package org.understudy.probes.smtp;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.SmtpIntent;

/** Judges whom only one of primary and backup takes. What is put off decides nothing: it may be taken the next time. Stateless. */
final class RecipientParity {
    private final Exchanger backup;
    private final SmtpIntent intent;

    RecipientParity(Exchanger backup, SmtpIntent intent) {
        this.backup = backup;
        this.intent = intent;
    }

    void judge(ResultBuilder result, Comparison comparison) {
        unknown(result, comparison);
        boolean takesSomebody = comparison.someBackup(Topic.KNOWN, Asked::isTaken)
                || comparison.someBackup(Topic.POSTMASTER, Asked::isTaken);
        if (takesSomebody) {
            // A backup that refuses everybody is told of as such.
            refusedThere(
                    result,
                    comparison,
                    Topic.KNOWN,
                    FindingType.BACKUP_REJECTS_VALID_RECIPIENTS,
                    "refuses recipients whom the primary takes");
        }
        if (takeTheSame(comparison)) {
            forms(result, comparison);
            refusedThere(
                    result,
                    comparison,
                    Topic.HELO,
                    FindingType.HELO_POLICY_MISMATCH,
                    "refuses clients whom the primary takes, for the name in their EHLO");
        }
    }

    /** Nothing follows from a form of an address, or from another client, where the address itself is refused to the usual one. */
    private static boolean takeTheSame(Comparison comparison) {
        return Stream.concat(comparison.entrances().stream(), comparison.backups().stream())
                .allMatch(a -> Stream.concat(a.all(Topic.KNOWN).stream(), a.all(Topic.POSTMASTER).stream())
                        .findFirst()
                        .filter(Asked::isTaken)
                        .isPresent());
    }

    private void unknown(ResultBuilder result, Comparison comparison) {
        boolean meant = intent.holdsUnknownRecipients() || intent.catchAll().orElse(false);
        if (!meant
                && comparison.someBackup(Topic.UNKNOWN, Asked::isTaken)
                && comparison.everyPrimary(Topic.UNKNOWN, Asked::isRefused)) {
            result.finding(Finding.of(
                    FindingType.BACKUP_ACCEPTS_UNKNOWN_RECIPIENTS,
                    backup.host().text(),
                    "The backup " + backup.host()
                            + " takes mail for anybody, and the primary refuses who does not exist",
                    comparison.replies(Topic.UNKNOWN, a -> true)));
        }
    }

    private void refusedThere(ResultBuilder result, Comparison comparison, Topic topic, FindingType type, String what) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (String subject : comparison.subjects(topic)) {
            if (isRefusedThere(comparison, topic, subject)) {
                evidence.putAll(comparison.replies(topic, a -> a.subject().equals(subject)));
            }
        }
        report(result, type, what, evidence);
    }

    private void forms(ResultBuilder result, Comparison comparison) {
        Map<String, String> evidence = new LinkedHashMap<>();
        boolean takesAnybody = comparison.someBackup(Topic.UNKNOWN, Asked::isTaken);
        for (String subject : comparison.subjects(Topic.FORM)) {
            boolean takenThere = !takesAnybody
                    && comparison.everyPrimary(Topic.FORM, a -> !a.subject().equals(subject) || a.isRefused())
                    && comparison.someBackup(Topic.FORM, a -> a.subject().equals(subject) && a.isTaken());
            if (takenThere || isRefusedThere(comparison, Topic.FORM, subject)) {
                evidence.putAll(comparison.replies(Topic.FORM, a -> a.subject().equals(subject)));
            }
        }
        report(result, FindingType.ADDRESS_SEMANTICS_MISMATCH, "reads addresses otherwise than the primary", evidence);
    }

    private static boolean isRefusedThere(Comparison comparison, Topic topic, String subject) {
        return comparison.everyPrimary(topic, a -> !a.subject().equals(subject) || a.isTaken())
                && comparison.someBackup(topic, a -> a.subject().equals(subject) && a.isRefused());
    }

    private void report(ResultBuilder result, FindingType type, String what, Map<String, String> evidence) {
        if (!evidence.isEmpty()) {
            result.finding(Finding.of(
                    type,
                    backup.host().text(),
                    "The backup " + backup.host() + " " + what + ": "
                            + evidence.keySet().iterator().next(),
                    evidence));
        }
    }
}
