package org.understudy.probes.dns;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;

/** Compares one view of the MX records with what is declared. Stateless apart from the declaration. */
final class MxJudge {
    private static final String ADDRESS = "\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+";

    private final MailDomain domain;

    MxJudge(MailDomain domain) {
        this.domain = domain;
    }

    /** What is wrong in a conclusive view; the evidence is the set as the server gave it. */
    List<Finding> judge(MxView view) {
        List<Finding> findings = new ArrayList<>();
        if (view.records().isEmpty()) {
            findings.add(finding(
                    FindingType.MX_NONE_IMPLICIT,
                    domain.name().text(),
                    "The domain " + domain.name() + " has no MX record",
                    view));
            return findings;
        }
        if (view.records().stream().anyMatch(MxView.Mx::isNull)) {
            boolean alone = view.records().size() == 1;
            findings.add(finding(
                    alone ? FindingType.MX_NULL_ON_MAIL_DOMAIN : FindingType.MX_NULL_WITH_OTHER,
                    domain.name().text(),
                    alone
                            ? "The domain " + domain.name() + " says that it takes no mail (MX 0 .)"
                            : "A null MX stands beside other MX records of " + domain.name(),
                    view));
            if (alone) {
                return findings;
            }
        }
        missing(view, findings);
        unexpected(view, findings);
        order(view, findings);
        duplicates(view, findings);
        return findings;
    }

    private void missing(MxView view, List<Finding> findings) {
        for (Exchanger exchanger : domain.exchangers()) {
            if (preference(view, exchanger).isEmpty()) {
                boolean backup = exchanger.role() == Role.BACKUP;
                findings.add(finding(
                        backup ? FindingType.MX_BACKUP_MISSING : FindingType.MX_PRIMARY_MISSING,
                        exchanger.host().text(),
                        "The declared " + (backup ? "backup " : "primary ") + exchanger.host() + " has no MX record",
                        view));
            }
        }
    }

    private void unexpected(MxView view, List<Finding> findings) {
        OptionalInt best = best(view, Role.PRIMARY);
        for (MxView.Mx mx : view.records()) {
            if (mx.isNull() || isDeclared(mx.target())) {
                continue;
            }
            if (mx.target().matches(ADDRESS)) {
                findings.add(finding(
                        FindingType.MX_TARGET_IS_ADDRESS_LITERAL,
                        mx.target(),
                        "The MX record points to the address " + mx.target() + " instead of a name",
                        view));
                continue;
            }
            boolean ahead = best.isEmpty() || mx.preference() <= best.getAsInt();
            Finding plain = finding(
                    FindingType.MX_UNEXPECTED_HOST,
                    mx.target(),
                    mx.target() + " (preference " + mx.preference() + ") is in the MX records but not declared",
                    view);
            findings.add(new Finding(
                    plain.type(),
                    ahead ? Severity.CRITICAL : Severity.WARNING,
                    plain.subject(),
                    plain.summary(),
                    plain.evidence()));
        }
    }

    private void order(MxView view, List<Finding> findings) {
        for (Exchanger backup : domain.exchangers(Role.BACKUP)) {
            OptionalInt of = preference(view, backup);
            for (Exchanger primary : domain.exchangers(Role.PRIMARY)) {
                OptionalInt than = preference(view, primary);
                if (of.isEmpty() || than.isEmpty() || sameTier(backup, primary)) {
                    continue;
                }
                if (of.getAsInt() < than.getAsInt()) {
                    findings.add(finding(
                            FindingType.MX_BACKUP_PREFERRED_OVER_PRIMARY,
                            backup.host().text(),
                            backup.host() + " (backup, preference " + of.getAsInt() + ") is tried before "
                                    + primary.host() + " (primary, preference " + than.getAsInt() + ")",
                            view));
                } else if (of.getAsInt() == than.getAsInt()) {
                    findings.add(finding(
                            FindingType.MX_EQUAL_PREFERENCE,
                            backup.host().text(),
                            backup.host() + " (backup) and " + primary.host() + " (primary) share the preference "
                                    + of.getAsInt(),
                            view));
                }
            }
        }
    }

    private void duplicates(MxView view, List<Finding> findings) {
        view.records().stream()
                .map(MxView.Mx::target)
                .filter(t -> view.records().stream()
                                .filter(r -> r.target().equals(t))
                                .count()
                        > 1)
                .distinct()
                .forEach(t -> findings.add(finding(
                        FindingType.MX_DUPLICATE_TARGET, t, t + " is listed in more than one MX record", view)));
    }

    /** Order of roles as senders would meet them, to tell a harmless difference between servers from a grave one. */
    String roleOrder(MxView view) {
        StringBuilder order = new StringBuilder();
        for (MxView.Mx mx : view.records()) {
            order.append(exchanger(mx.target()).map(e -> e.role().name()).orElse("OTHER"))
                    .append(' ');
        }
        return order.toString();
    }

    private boolean sameTier(Exchanger a, Exchanger b) {
        return domain.tiers().stream().anyMatch(tier -> tier.contains(a) && tier.contains(b));
    }

    private boolean isDeclared(String target) {
        return exchanger(target).isPresent();
    }

    private Optional<Exchanger> exchanger(String target) {
        return domain.exchangers().stream()
                .filter(e -> e.host().text().equals(target))
                .findFirst();
    }

    private static OptionalInt preference(MxView view, Exchanger exchanger) {
        return view.records().stream()
                .filter(r -> r.target().equals(exchanger.host().text()))
                .mapToInt(MxView.Mx::preference)
                .min();
    }

    private OptionalInt best(MxView view, Role role) {
        return domain.exchangers(role).stream()
                .map(e -> preference(view, e))
                .flatMapToInt(OptionalInt::stream)
                .min();
    }

    private Finding finding(FindingType type, String subject, String summary, MxView view) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put(view.server(), view.zoneLines(domain.name().text()));
        return Finding.of(type, subject, summary, evidence);
    }
}
