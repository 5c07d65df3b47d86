package org.understudy.probes.canary;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.canary.storage.CanaryLedger;
import org.understudy.probes.canary.storage.CanaryRow;

/**
 * What a backup does to mail that it hands on, and what is thought of it for that: the newest canary through it, held against the
 * newest that came directly. What is the same on both ways is not the backup's doing. Thread-safe.
 */
final class RelayFindings {
    private static final int ROWS = 50;
    private static final Duration COMPARABLE = Duration.ofDays(1);
    /** By how much a filter has to think worse of it. */
    private static final double WORSE = 1.0;

    private static final Pattern STRICT = Pattern.compile("(?i)\\b(?:p|policy|action)=\\s*o?(?:reject|quarantine)\\b");

    private final CanaryLedger ledger;
    private final Clock clock;

    RelayFindings(CanaryLedger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** A canary through a backup, and one that came directly. */
    private record Pair(CanaryPath path, CanaryRow relayed, CanaryRow direct) {

        /** What only the relayed one shows. */
        Optional<String> only(String name, Predicate<String> fault, Predicate<String> sound) {
            return direct.observed()
                    .value(name)
                    .filter(sound)
                    .flatMap(d -> relayed.observed().value(name).filter(fault));
        }

        Finding finding(FindingType type, String predicate, String name) {
            String host = path.exchanger().host().text();
            Map<String, String> evidence = new LinkedHashMap<>();
            evidence.put("canary through " + host, relayed.id());
            evidence.put(
                    name + " through " + host, relayed.observed().value(name).orElse(""));
            evidence.put("canary through " + direct.host(), direct.id());
            evidence.put(
                    name + " through " + direct.host(),
                    direct.observed().value(name).orElse(""));
            evidence.put("hops", String.join(" → ", relayed.hops()));
            return Finding.of(type, host, "A canary through " + host + " " + predicate + ".", evidence);
        }
    }

    List<Finding> of(CanaryPath path) {
        List<Finding> findings = new ArrayList<>();
        if (path.exchanger().role() == Role.BACKUP) {
            pair(path).ifPresent(pair -> {
                signature(pair).ifPresent(findings::add);
                envelope(pair).ifPresent(findings::add);
                findings.addAll(authentication(pair));
                score(pair).ifPresent(findings::add);
            });
            newest(path.text())
                    .filter(row -> row.observed().value(Observation.SPOOFABLE).isPresent())
                    .ifPresent(row -> findings.add(spoofable(path, row)));
        }
        return findings;
    }

    private Optional<Pair> pair(CanaryPath path) {
        Optional<CanaryRow> direct = path.domain().exchangers().stream()
                .filter(e -> e.role().isEntrance())
                .flatMap(e -> newest(path.text(e)).stream())
                .findFirst();
        return newest(path.text())
                .flatMap(relayed -> direct.filter(d -> isComparable(relayed, d)).map(d -> new Pair(path, relayed, d)));
    }

    private static boolean isComparable(CanaryRow relayed, CanaryRow direct) {
        Duration between = Duration.between(relayed.createdAt(), direct.createdAt());
        return between.abs().compareTo(COMPARABLE) <= 0;
    }

    /** The newest that was found lately; one that took another way says nothing of this one. */
    private Optional<CanaryRow> newest(String path) {
        Instant oldest = clock.instant().minus(COMPARABLE);
        return ledger.ofPath(path, ROWS).stream()
                .filter(CanaryRow::isSeen)
                .findFirst()
                .filter(row -> !row.createdAt().isBefore(oldest))
                .filter(CanaryRow::pathProven);
    }

    private static Optional<Finding> signature(Pair pair) {
        return pair.only(Observation.BROKEN, v -> !isIntact(v), RelayFindings::isIntact)
                .map(broken -> pair.finding(
                        FindingType.DKIM_BROKEN_BY_BACKUP,
                        "arrived with another " + broken
                                + " than it was sent with, so that signatures of senders break",
                        Observation.BROKEN));
    }

    private static Finding spoofable(CanaryPath path, CanaryRow row) {
        String host = path.exchanger().host().text();
        return Finding.of(
                FindingType.AUTH_RESULTS_SPOOFABLE,
                host,
                host + " left an Authentication-Results field in its own name in a canary, and put its own beside it.",
                Map.of(
                        "canary",
                        row.id(),
                        "field",
                        "Authentication-Results: " + host + "; " + CanaryMessage.FOREIGN_METHOD + "=pass"));
    }

    private static Optional<Finding> envelope(Pair pair) {
        return pair.only(Observation.RETURN_PATH, v -> !isIntact(v), RelayFindings::isIntact)
                .map(other -> pair.finding(
                        FindingType.BACKUP_REWRITES_ENVELOPE,
                        "arrived from another sender than it was sent by: " + other,
                        Observation.RETURN_PATH));
    }

    private static boolean isIntact(String value) {
        return value.equals(Observation.INTACT);
    }

    /** Of each server that judged both; the backup itself did not judge the other one. */
    private static List<Finding> authentication(Pair pair) {
        List<Finding> findings = new ArrayList<>();
        for (String name : pair.direct().observed().values().keySet()) {
            Predicate<String> passes = v -> result(v).equals("pass");
            Predicate<String> fails = v -> result(v).equals("fail");
            if (name.endsWith("/dmarc")) {
                pair.only(name, fails, passes).ifPresent(text -> findings.add(dmarc(pair, name, text)));
            } else if (name.endsWith("/spf")) {
                pair.only(name, fails, passes)
                        .ifPresent(text -> findings.add(pair.finding(
                                        FindingType.SPF_REJECTS_BACKUP_FORWARDING,
                                        "is a forgery by SPF to " + server(name)
                                                + ", which takes the backup for the sender, and was taken nevertheless",
                                        name)
                                .withSeverity(Severity.WARNING)));
            }
        }
        return findings;
    }

    private static Finding dmarc(Pair pair, String name, String text) {
        boolean strict = STRICT.matcher(text).find();
        return pair.finding(
                        FindingType.DMARC_FAILS_VIA_BACKUP,
                        "fails DMARC at " + server(name) + ", and one that came directly passes",
                        name)
                .withSeverity(strict ? Severity.CRITICAL : Severity.WARNING);
    }

    private static String server(String name) {
        return name.substring(name.indexOf('/') + 1, name.lastIndexOf('/'));
    }

    private static String result(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }

    private static Optional<Finding> score(Pair pair) {
        Optional<Double> relayed =
                pair.relayed().observed().value(Observation.SPAM_SCORE).map(Double::valueOf);
        Optional<Double> direct =
                pair.direct().observed().value(Observation.SPAM_SCORE).map(Double::valueOf);
        boolean worse = relayed.isPresent() && direct.isPresent() && relayed.get() - direct.get() > WORSE;
        return worse
                ? Optional.of(pair.finding(
                        FindingType.TRUST_PATH_MISSING,
                        "has a spam score of " + relayed.get() + ", one that came directly one of " + direct.get(),
                        Observation.SPAM_SCORE))
                : Optional.empty();
    }
}
