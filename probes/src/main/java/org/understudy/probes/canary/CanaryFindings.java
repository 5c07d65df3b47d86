package org.understudy.probes.canary;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.understudy.probes.CanaryState;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.canary.storage.CanaryLedger;
import org.understudy.probes.canary.storage.CanaryRow;
import org.understudy.probes.canary.storage.Forgery;

/**
 * What the canaries of a path say against it. A fault stands until a later canary refutes it: one that came through, the way
 * it should, in time. Duplicates and forgeries are refuted by nothing and stand for an hour. Thread-safe.
 */
final class CanaryFindings {
    private static final int ROWS = 300;
    private static final int DEFERRALS = 3;
    private static final Duration STANDS_FOR = Duration.ofHours(1);

    private final CanaryLedger ledger;
    private final RelayFindings relaying;
    private final Set<String> paths;
    private final Clock clock;

    /** @param paths all that canaries are sent through */
    CanaryFindings(CanaryLedger ledger, Set<String> paths, Clock clock) {
        this.ledger = ledger;
        this.relaying = new RelayFindings(ledger, clock);
        this.paths = paths;
        this.clock = clock;
    }

    List<Finding> of(CanaryPath path) {
        List<CanaryRow> rows = ledger.ofPath(path.text(), ROWS);
        List<Finding> findings = new ArrayList<>();
        injection(path, rows, findings);
        List<CanaryRow> unrefuted = rows.stream().takeWhile(row -> !isGood(row)).toList();
        String host = path.exchanger().host().text();
        add(
                findings,
                FindingType.CANARY_LOST,
                path,
                unrefuted,
                row -> row.state() == CanaryState.LOST,
                "through " + host + " accepted and never seen");
        add(
                findings,
                FindingType.CANARY_BOUNCED,
                path,
                unrefuted,
                row -> row.state() == CanaryState.BOUNCED,
                "through " + host + " accepted and then returned");
        add(
                findings,
                FindingType.CANARY_DELAYED,
                path,
                unrefuted,
                row -> row.late() && (row.isSeen() || row.state() == CanaryState.ACCEPTED),
                "through " + host + " later than " + path.settings().lateAfter().toSeconds() + " s");
        arrival(path, rows, findings);
        findings.addAll(relaying.of(path));
        Instant recent = clock.instant().minus(STANDS_FOR);
        add(
                findings,
                FindingType.CANARY_DUPLICATED,
                path,
                rows,
                row -> row.duplicatedAt().filter(recent::isBefore).isPresent(),
                "through " + host + " found more than once");
        forgeries(path, recent, findings);
        return findings;
    }

    private static boolean isGood(CanaryRow row) {
        return row.isSeen() && row.pathProven() && !row.late();
    }

    private static void injection(CanaryPath path, List<CanaryRow> rows, List<Finding> findings) {
        List<CanaryRow> newest = rows.stream().limit(1).toList();
        String host = path.exchanger().host().text();
        add(
                findings,
                FindingType.CANARY_REJECTED,
                path,
                newest,
                row -> row.state() == CanaryState.REJECTED,
                "refused for good by " + host);
        List<CanaryRow> deferrals = rows.stream()
                .takeWhile(row -> row.state() == CanaryState.DEFERRED && row.offered())
                .toList();
        if (deferrals.size() >= DEFERRALS) {
            add(
                    findings,
                    FindingType.CANARY_DEFERRED,
                    path,
                    deferrals,
                    row -> true,
                    "in a row refused for now by " + host);
        }
    }

    private static void arrival(CanaryPath path, List<CanaryRow> rows, List<Finding> findings) {
        List<CanaryRow> newest =
                rows.stream().filter(CanaryRow::isSeen).limit(1).toList();
        String host = path.exchanger().host().text();
        add(
                findings,
                FindingType.CANARY_WRONG_PATH,
                path,
                newest,
                row -> !row.pathProven(),
                "that was given to " + host + " took another way");
        add(
                findings,
                FindingType.CANARY_JUNKED,
                path,
                newest,
                CanaryRow::junked,
                "through " + host + " was filed as junk");
        add(
                findings,
                FindingType.CANARY_MODIFIED,
                path,
                newest,
                row -> !row.changes().isEmpty(),
                "through " + host + " was changed on the way");
    }

    /** One finding for all canaries with the same fault, with the newest of them as evidence. */
    private static void add(
            List<Finding> findings,
            FindingType type,
            CanaryPath path,
            List<CanaryRow> rows,
            Predicate<CanaryRow> fault,
            String predicate) {
        List<CanaryRow> faulty = rows.stream().filter(fault).toList();
        if (faulty.isEmpty()) {
            return;
        }
        String subject = faulty.size() == 1 ? "A canary " : faulty.size() + " canaries ";
        findings.add(Finding.of(
                type, path.exchanger().host().text(), subject + predicate + ".", evidence(faulty.get(0), path)));
    }

    private static Map<String, String> evidence(CanaryRow row, CanaryPath path) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put("canary", row.id());
        evidence.put("sent", row.createdAt().toString());
        evidence.put("address", row.address());
        evidence.put("reply", row.reply());
        evidence.put("queue id", row.queueId());
        evidence.put("mailbox", path.mailbox() + " " + path.settings().imap().folders());
        evidence.put("folder", row.folder());
        evidence.put("seen", row.seenAt().map(Instant::toString).orElse(""));
        evidence.put(
                "latency", row.latency().map(l -> CanaryProbe.seconds(l) + " s").orElse(""));
        evidence.put("hops", String.join(" → ", row.hops()));
        evidence.put("changed", row.changes());
        evidence.put("trouble", row.trouble());
        evidence.values().removeIf(String::isEmpty);
        return evidence;
    }

    private void forgeries(CanaryPath path, Instant since, List<Finding> findings) {
        List<Forgery> forgeries = ledger.forgeriesSince(path.mailbox(), since).stream()
                .filter(f -> concerns(f, path))
                .toList();
        if (forgeries.isEmpty()) {
            return;
        }
        Forgery newest = forgeries.get(0);
        findings.add(Finding.of(
                FindingType.CANARY_FORGED,
                path.exchanger().host().text(),
                (forgeries.size() == 1 ? "A forged canary lies" : forgeries.size() + " forged canaries lie")
                        + " in the mailbox " + path.mailbox() + ": " + newest.reason() + ".",
                Map.of(
                        "mailbox",
                        path.mailbox(),
                        "claimed path",
                        newest.path(),
                        "noted",
                        newest.notedAt().toString())));
    }

    /** Those that claim no path of ours are reported with the first exchanger, so that they are reported once. */
    private boolean concerns(Forgery forgery, CanaryPath path) {
        boolean isFirst = path.domain().exchangers().get(0).equals(path.exchanger());
        return forgery.path().equals(path.text()) || (isFirst && !paths.contains(forgery.path()));
    }
}
