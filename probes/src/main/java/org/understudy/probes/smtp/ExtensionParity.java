package org.understudy.probes.smtp;

import java.util.Map;
import java.util.function.Predicate;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;
import org.understudy.probes.SmtpIntent;

/** Judges what only one of primary and backup offers: a backup can hand on only what the primary takes. Stateless. */
final class ExtensionParity {
    private final Exchanger backup;
    private final SmtpIntent intent;

    ExtensionParity(Exchanger backup, SmtpIntent intent) {
        this.backup = backup;
        this.intent = intent;
    }

    void judge(ResultBuilder result, Comparison comparison) {
        size(result, comparison);
        smtpUtf8(result, comparison);
        either(result, comparison, "8BITMIME", FindingType._8BITMIME_MISMATCH);
        if (comparison.onlyBackup(offers("BINARYMIME"))) {
            // The other way round senders convert, and CHUNKING alone changes nothing in a message.
            report(
                    result,
                    FindingType.CHUNKING_BINARYMIME_MISMATCH,
                    "The backup " + backup.host() + " takes binary messages, which it cannot hand on to the primary",
                    row(comparison, "BINARYMIME"));
        }
        either(result, comparison, "DSN", FindingType.DSN_EXTENSION_MISMATCH);
        either(result, comparison, "REQUIRETLS", FindingType.REQUIRETLS_MISMATCH);
    }

    private void size(ResultBuilder result, Comparison comparison) {
        boolean smaller = false;
        boolean larger = false;
        for (AddressAnswers theirs : comparison.entrances()) {
            for (AddressAnswers ours : comparison.backups()) {
                if (theirs.size().isPresent() && ours.size().isPresent()) {
                    smaller |=
                            ours.size().get().isCertainlyLessThan(theirs.size().get());
                    larger |=
                            theirs.size().get().isCertainlyLessThan(ours.size().get());
                }
            }
        }
        if (smaller || larger) {
            Map<String, String> evidence = comparison.row(a -> "SIZE " + SizeLimit.text(a.size()));
            Finding finding = Finding.of(
                    FindingType.SIZE_LIMIT_MISMATCH,
                    backup.host().text(),
                    smaller
                            ? "The backup " + backup.host() + " refuses large messages that the primary takes: "
                                    + evidence
                            : "The backup " + backup.host() + " takes larger messages than the primary: " + evidence,
                    evidence);
            result.finding(smaller ? finding : finding.withSeverity(Severity.WARNING));
        }
    }

    private void smtpUtf8(ResultBuilder result, Comparison comparison) {
        Predicate<AddressAnswers> offers = offers("SMTPUTF8");
        if (comparison.onlyBackup(offers)) {
            report(
                    result,
                    FindingType.SMTPUTF8_MISMATCH,
                    "The backup " + backup.host()
                            + " takes internationalized addresses, which it cannot hand on to the primary",
                    row(comparison, "SMTPUTF8"));
        } else if (comparison.onlyPrimary(offers)) {
            boolean asciiUsers = !intent.validRecipients().isEmpty()
                    && intent.validRecipients().stream().noneMatch(m -> m.isInternationalized());
            result.finding(Finding.of(
                            FindingType.SMTPUTF8_MISMATCH,
                            backup.host().text(),
                            "The primary takes internationalized addresses, and the backup " + backup.host()
                                    + " does not",
                            row(comparison, "SMTPUTF8"))
                    .withSeverity(asciiUsers ? Severity.INFO : Severity.WARNING));
        }
    }

    private void either(ResultBuilder result, Comparison comparison, String extension, FindingType type) {
        if (comparison.onlyBackup(offers(extension))) {
            report(
                    result,
                    type,
                    "The backup " + backup.host() + " offers " + extension + ", and the primary does not",
                    row(comparison, extension));
        } else if (comparison.onlyPrimary(offers(extension))) {
            report(
                    result,
                    type,
                    "The primary offers " + extension + ", and the backup " + backup.host() + " does not",
                    row(comparison, extension));
        }
    }

    private static Predicate<AddressAnswers> offers(String extension) {
        return address -> address.offered().offers(extension);
    }

    private static Map<String, String> row(Comparison comparison, String extension) {
        return comparison.row(a -> a.offered().offers(extension) ? extension : "no " + extension);
    }

    private void report(ResultBuilder result, FindingType type, String summary, Map<String, String> evidence) {
        result.finding(Finding.of(type, backup.host().text(), summary, evidence));
    }
}
