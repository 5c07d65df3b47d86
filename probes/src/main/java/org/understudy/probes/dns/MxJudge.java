package org.understudy.probes.dns;

import java.util.ArrayList;
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
    private final MailDomain domain;

    MxJudge(MailDomain domain) {
        this.domain = domain;
    }

    /** What is wrong in a conclusive view; the evidence is the set as the server gave it. */
    List<Finding> judge(MxView view) {
        List<Finding> findings = new ArrayList<>();
        boolean nullMx = view.records().stream().anyMatch(MxView.Mx::isNull);
        nullRecord(view, nullMx, findings);
        if (!domain.intent().mail()) {
            // Without MX records senders try the address of the domain; that it has none is nothing to complain about.
            unexpected(view, findings);
            return findings;
        }
        if (view.records().isEmpty()) {
            findings.add(finding(
                            FindingType.MX_NONE_IMPLICIT,
                            domain.name().text(),
                            "The domain " + domain.name() + " has no MX record",
                            view)
                    .withFix(DeclaredZone.lines(domain)));
            return findings;
        }
        if (nullMx && view.records().size() == 1) {
            findings.add(finding(
                            FindingType.MX_NULL_ON_MAIL_DOMAIN,
                            domain.name().text(),
                            "The domain " + domain.name() + " says that it takes no mail ("
                                    + view.records().get(0) + ")",
                            view)
                    .withFix(DeclaredZone.lines(domain)));
            return findings;
        }
        missing(view, findings);
        unexpected(view, findings);
        if (!domain.intent().activeActive()) {
            order(view, findings);
        }
        duplicates(view, findings);
        return findings;
    }

    private void nullRecord(MxView view, boolean nullMx, List<Finding> findings) {
        if (nullMx && view.records().size() > 1) {
            findings.add(finding(
                            FindingType.MX_NULL_WITH_OTHER,
                            domain.name().text(),
                            "A null MX stands beside other MX records of " + domain.name(),
                            view)
                    .withFix(DeclaredZone.lines(domain)));
        } else if (nullMx && view.records().get(0).preference() != 0) {
            // RFC 7505 section 3: the preference is 0.
            findings.add(finding(
                            FindingType.MX_NULL_WITH_OTHER,
                            domain.name().text(),
                            "The null MX of " + domain.name() + " has the preference "
                                    + view.records().get(0).preference() + " instead of 0",
                            view)
                    .withSeverity(Severity.INFO)
                    .withFix(DeclaredZone.lines(domain)));
        }
    }

    private void missing(MxView view, List<Finding> findings) {
        boolean gateway = !domain.exchangers(Role.GATEWAY).isEmpty();
        for (Exchanger exchanger : domain.exchangers()) {
            boolean optional = switch (exchanger.role()) {
                case PRIMARY -> gateway;
                case BACKUP, GATEWAY -> false;
                // Nobody is hurt if a host that answers nobody is not listed.
                case TARPIT -> true;
            };
            if (!optional && preference(view, exchanger).isEmpty()) {
                findings.add(finding(
                                exchanger.role() == Role.BACKUP
                                        ? FindingType.MX_BACKUP_MISSING
                                        : FindingType.MX_PRIMARY_MISSING,
                                exchanger.host().text(),
                                "The declared " + exchanger.role().word() + " " + exchanger.host()
                                        + " has no MX record",
                                view)
                        .withFix(DeclaredZone.lines(domain)));
            }
        }
    }

    private void unexpected(MxView view, List<Finding> findings) {
        OptionalInt best = bestEntrance(view);
        for (MxView.Mx mx : view.records()) {
            if (mx.isNull() || exchanger(mx.target()).isPresent() || mx.isVerification()) {
                continue;
            }
            if (HostNames.isAddress(mx.target(), domain.name())) {
                findings.add(finding(
                                FindingType.MX_TARGET_IS_ADDRESS_LITERAL,
                                mx.target(),
                                "The MX record points to the address " + mx.target() + " instead of a name",
                                view)
                        .withFix(DeclaredZone.without(domain, mx)));
                continue;
            }
            Optional<String> objection = HostNames.objection(mx.target(), domain.name());
            if (objection.isPresent()) {
                findings.add(finding(
                                FindingType.MX_TARGET_INVALID_NAME,
                                mx.target(),
                                "The name of the exchanger " + mx.target() + " " + objection.get(),
                                view)
                        .withFix(DeclaredZone.without(domain, mx)));
                continue;
            }
            boolean ahead = best.isEmpty() || mx.preference() <= best.getAsInt();
            findings.add(finding(
                            FindingType.MX_UNEXPECTED_HOST,
                            mx.target(),
                            mx.target() + " (preference " + mx.preference() + ") is in the MX records but not declared",
                            view)
                    .withSeverity(ahead ? Severity.CRITICAL : Severity.WARNING)
                    .withFix(DeclaredZone.without(domain, mx)));
        }
    }

    private void order(MxView view, List<Finding> findings) {
        for (Exchanger backup : domain.exchangers(Role.BACKUP)) {
            OptionalInt of = preference(view, backup);
            for (Exchanger entrance : domain.exchangers()) {
                OptionalInt than = preference(view, entrance);
                if (!entrance.role().isEntrance() || of.isEmpty() || than.isEmpty() || sameTier(backup, entrance)) {
                    continue;
                }
                if (of.getAsInt() < than.getAsInt()) {
                    findings.add(finding(
                                    FindingType.MX_BACKUP_PREFERRED_OVER_PRIMARY,
                                    backup.host().text(),
                                    backup.host() + " (backup, preference " + of.getAsInt() + ") is tried before "
                                            + entrance.host() + " ("
                                            + entrance.role().word() + ", preference "
                                            + than.getAsInt() + ")",
                                    view)
                            .withFix(DeclaredZone.lines(domain)));
                } else if (of.getAsInt() == than.getAsInt()) {
                    findings.add(finding(
                                    FindingType.MX_EQUAL_PREFERENCE,
                                    backup.host().text(),
                                    backup.host() + " (backup) and " + entrance.host() + " ("
                                            + entrance.role().word() + ") share the preference " + of.getAsInt(),
                                    view)
                            .withFix(DeclaredZone.lines(domain)));
                }
            }
        }
    }

    private void duplicates(MxView view, List<Finding> findings) {
        view.records().stream()
                .filter(mx -> !mx.isNull())
                .filter(mx -> view.records().stream()
                        .anyMatch(other -> other.target().equals(mx.target()) && other.preference() < mx.preference()))
                .forEach(mx -> findings.add(finding(
                                FindingType.MX_DUPLICATE_TARGET,
                                mx.target(),
                                mx.target() + " is listed in more than one MX record",
                                view)
                        .withFix(DeclaredZone.without(domain, mx))));
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

    private OptionalInt bestEntrance(MxView view) {
        return domain.exchangers().stream()
                .filter(e -> e.role().isEntrance())
                .map(e -> preference(view, e))
                .flatMapToInt(OptionalInt::stream)
                .min();
    }

    private Finding finding(FindingType type, String subject, String summary, MxView view) {
        return Finding.of(type, subject, summary, Map.of(view.server(), view.zoneLines(domain.name())));
    }
}
