package org.understudy.probes.policy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Severity;
import org.understudy.probes.policy.StsPolicy.Mode;
import org.understudy.smtp.DomainName;

/** Compares an MTA-STS policy with the exchangers of its domain. Stateless apart from the declaration. */
final class StsJudge {
    private static final Duration LONGEST_TEST = Duration.ofDays(90);
    private static final Duration SHORTEST_AGE = Duration.ofDays(1);
    private static final DateTimeFormatter ID = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

    private final MailDomain domain;
    private final Clock clock;

    StsJudge(MailDomain domain, Clock clock) {
        this.domain = domain;
        this.clock = clock;
    }

    /** A record with an id that was not there before. */
    String recordLine(DomainName name) {
        return name + ". IN TXT \"v=STSv1; id=" + ID.format(clock.instant().atOffset(ZoneOffset.UTC)) + "\"";
    }

    /** Senders that have fetched an enforced policy go by it, whether it can be fetched again or not. */
    Finding unfetchable(
            String trouble, Map<String, String> evidence, Optional<StsPolicy> last, Set<DomainName> exchangers) {
        boolean stuck = last.filter(
                        p -> p.mode() == Mode.ENFORCE && exchangers.stream().anyMatch(e -> !p.allows(e)))
                .isPresent();
        Map<String, String> all = new LinkedHashMap<>(evidence);
        last.ifPresent(p -> all.put("policy that senders may have", p.meaning()));
        return new Finding(
                FindingType.MTA_STS_POLICY_UNFETCHABLE,
                stuck ? Severity.CRITICAL : Severity.WARNING,
                PolicyHost.name(domain.name()).text(),
                "The MTA-STS policy of " + domain.name() + " " + trouble
                        + (stuck ? "; the one that senders have leaves an exchanger out" : ""),
                all);
    }

    Optional<Finding> invalid(StsPolicy.Parsed parsed, String contentType, String body) {
        List<String> objections = new ArrayList<>(parsed.objections());
        if (!PolicyHost.isText(contentType)) {
            objections.add(
                    contentType.isEmpty()
                            ? "has no content type, instead of text/plain"
                            : "has the content type " + contentType + " instead of text/plain");
        }
        if (objections.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                FindingType.MTA_STS_POLICY_INVALID,
                PolicyHost.name(domain.name()).text(),
                "The MTA-STS policy of " + domain.name() + " " + String.join("; it ", objections),
                Map.of("policy", body)));
    }

    Optional<Finding> outOfStep(
            StsRecord record, StsHistory.Change change, StsPolicy policy, Map<String, String> evidence) {
        return change.unannounced().map(old -> {
            Map<String, String> all = new LinkedHashMap<>(evidence);
            all.put("policy of this id before", old);
            all.put("policy of this id since " + change.since(), policy.meaning());
            DomainName name = MtaStsProbe.recordName(domain.name());
            return Finding.of(
                            FindingType.MTA_STS_TXT_POLICY_OUT_OF_STEP,
                            name.text(),
                            "The MTA-STS policy of " + domain.name() + " has changed, and its id is still "
                                    + record.id(),
                            all)
                    .withFix(recordLine(name));
        });
    }

    Optional<Finding> weak(StsPolicy policy, Instant since) {
        List<String> objections = new ArrayList<>();
        if (policy.mode() == Mode.NONE) {
            objections.add("has the mode none");
        }
        Duration testing = Duration.between(since, clock.instant());
        if (policy.mode() == Mode.TESTING && testing.compareTo(LONGEST_TEST) > 0) {
            objections.add("has been in the mode testing for " + testing.toDays() + " days");
        }
        if (policy.mode() != Mode.NONE && policy.maxAge() < SHORTEST_AGE.toSeconds()) {
            objections.add("is to be kept for " + policy.maxAge() + " s only");
        }
        if (objections.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Finding.of(
                FindingType.MTA_STS_WEAK,
                domain.name().text(),
                "The MTA-STS policy of " + domain.name() + " " + String.join(" and ", objections),
                Map.of("policy", policy.meaning())));
    }

    /** Exchangers that senders must not deliver to. */
    List<Finding> exchangers(StsPolicy policy, Set<DomainName> exchangers, String body) {
        if (policy.mode() == Mode.NONE) {
            return List.of();
        }
        return exchangers.stream()
                .filter(host -> !policy.allows(host))
                .map(host -> new Finding(
                        FindingType.MTA_STS_POLICY_OMITS_BACKUP,
                        MtaStsProbe.severity(policy.mode()),
                        host.text(),
                        "The MTA-STS policy of " + domain.name() + " (mode "
                                + policy.mode().name().toLowerCase(Locale.ROOT) + ") does not allow " + role(host)
                                + host,
                        Map.of("policy", body),
                        "mx: " + host + "\n; then: " + recordLine(MtaStsProbe.recordName(domain.name()))))
                .toList();
    }

    private String role(DomainName host) {
        return domain.exchangers().stream()
                .filter(e -> e.host().equals(host))
                .map(Exchanger::role)
                .findFirst()
                .map(role -> "the " + role.word() + " ")
                .orElse("");
    }

    /** Patterns that allow hosts that the domain does not use. */
    List<Finding> unknownHosts(StsPolicy policy, Set<DomainName> exchangers, String body) {
        List<String> objections = policy.patterns().stream()
                .distinct()
                .flatMap(pattern -> {
                    if (exchangers.stream().noneMatch(pattern::matches)) {
                        return Optional.of(pattern.text() + ", which no exchanger matches").stream();
                    }
                    return pattern.wildcard() && pattern.name().equals(domain.name())
                            ? Optional.of(pattern.text() + ", which is every host of the domain").stream()
                            : Optional.<String>empty().stream();
                })
                .collect(Collectors.toList());
        if (objections.isEmpty()) {
            return List.of();
        }
        return List.of(Finding.of(
                FindingType.MTA_STS_LISTS_UNKNOWN_HOST,
                domain.name().text(),
                "The MTA-STS policy of " + domain.name() + " allows " + String.join(" and ", objections),
                Map.of("policy", body)));
    }
}
