package org.understudy.probes.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Severity;

/** Judges the addresses of all exchangers together. Stateless apart from the declaration. */
final class TargetsJudge {
    /** Postfix tries no more addresses of a domain (smtp_mx_address_limit), Exim about as many (hosts_max_try). */
    private static final int SENDERS_TRY = 5;

    private final MailDomain domain;
    private final DnsSettings settings;

    TargetsJudge(MailDomain domain, DnsSettings settings) {
        this.domain = domain;
        this.settings = settings;
    }

    List<Finding> judge(List<Target> all) {
        List<Finding> findings = new ArrayList<>();
        List<Target> targets = all.stream().filter(t -> !t.isTarpit()).toList();
        targets.forEach(t -> special(t, findings));
        for (int i = 0; i < targets.size(); i++) {
            for (Target other : targets.subList(i + 1, targets.size())) {
                together(targets.get(i), other, findings);
            }
        }
        families(targets, findings);
        position(all, findings);
        return findings;
    }

    private void special(Target target, List<Finding> findings) {
        Map<String, String> evidence = new LinkedHashMap<>();
        for (InetAddress address : target.addresses()) {
            if (!settings.isDeclaredPublic(address)) {
                SpecialAddresses.use(address).ifPresent(use -> evidence.put(address.getHostAddress(), use));
            }
        }
        if (!evidence.isEmpty()) {
            findings.add(Finding.of(
                    FindingType.MX_TARGET_SPECIAL_ADDRESS,
                    target.host().text(),
                    target.host() + " has an address that nobody on the Internet can reach: "
                            + String.join(", ", evidence.keySet()),
                    evidence));
        }
    }

    /** What two exchangers share: an address, or the network of one. */
    private void together(Target a, Target b, List<Finding> findings) {
        List<InetAddress> same = a.addresses().stream()
                .filter(b.addresses()::contains)
                .filter(x -> !settings.isIndependent(x))
                .toList();
        boolean pair = (a.isBackup() && b.isEntrance()) || (b.isBackup() && a.isEntrance());
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put(a.host().text(), String.join(", ", a.addressTexts()));
        evidence.put(b.host().text(), String.join(", ", b.addressTexts()));
        String subject = a.host() + " " + b.host();
        if (!same.isEmpty()) {
            findings.add(Finding.of(
                    pair ? FindingType.SHARED_FATE_SAME_HOST : FindingType.MX_DUPLICATE_TARGET,
                    subject,
                    a.host() + " and " + b.host() + " are one host: both have the address "
                            + same.get(0).getHostAddress(),
                    evidence));
        } else if (pair) {
            Networks.shared(a.addresses(), b.addresses(), settings)
                    .ifPresent(network -> findings.add(Finding.of(
                            FindingType.SHARED_FATE_SAME_NETWORK,
                            subject,
                            a.host() + " and " + b.host() + " are in one network, " + network,
                            evidence)));
        }
    }

    private void families(List<Target> targets, List<Finding> findings) {
        List<Target> known = targets.stream()
                .filter(t -> t.isComplete() && !t.addresses().isEmpty())
                .toList();
        boolean entranceHasIpv6 = known.stream().anyMatch(t -> t.isEntrance() && t.hasIpv6());
        List<Target> backups = known.stream().filter(Target::isBackup).toList();
        boolean backupHasIpv6 = backups.stream().anyMatch(Target::hasIpv6);
        for (Target target : known) {
            if (!target.hasIpv4()) {
                findings.add(family(target, "has no IPv4 address: senders with IPv4 only cannot reach it"));
            } else if (target.isBackup() && entranceHasIpv6 && !backupHasIpv6) {
                findings.add(family(
                        target, "has no IPv6 address, and the primary has: senders with IPv6 only have no backup"));
            }
        }
    }

    private static Finding family(Target target, String what) {
        return Finding.of(
                FindingType.MX_FAMILY_ASYMMETRY,
                target.host().text(),
                target.host() + " " + what,
                Map.of(target.host().text(), String.join(", ", target.addressTexts())));
    }

    /** Where the first backup comes, counted in addresses. */
    private void position(List<Target> all, List<Finding> findings) {
        List<Target> order = all.stream()
                .filter(t -> t.preference().isPresent())
                .sorted(Comparator.comparing((Target t) -> t.preference().orElseThrow()))
                .toList();
        int before = 0;
        for (Target target : order) {
            if (target.isBackup()) {
                if (before >= SENDERS_TRY) {
                    findings.add(beyond(target, order, before));
                }
                return;
            }
            before += target.addresses().size();
        }
    }

    private static Finding beyond(Target backup, List<Target> order, int before) {
        Map<String, String> evidence = new LinkedHashMap<>();
        order.forEach(
                t -> evidence.put(t.preference().orElseThrow() + " " + t.host(), String.join(", ", t.addressTexts())));
        return Finding.of(
                        FindingType.MX_BACKUP_BEYOND_SENDER_LIMIT,
                        backup.host().text(),
                        before + " addresses come before the backup " + backup.host() + ": many senders try only "
                                + SENDERS_TRY,
                        evidence)
                .withSeverity(Severity.WARNING);
    }

    /** Name servers that die with the primary take the way to the backup with them. */
    List<Finding> nameServers(Map<String, Authority> zones, List<Target> targets) {
        List<InetAddress> primaries = targets.stream()
                .filter(Target::isEntrance)
                .flatMap(t -> t.addresses().stream())
                .toList();
        List<Finding> findings = new ArrayList<>();
        zones.forEach((use, authority) -> {
            List<NameServer> servers = authority.servers();
            // One whose address is not known may be anywhere.
            boolean allKnown = authority.names().stream()
                    .allMatch(n -> servers.stream().anyMatch(s -> s.name().equals(n)));
            boolean allNear = allKnown
                    && !servers.isEmpty()
                    && servers.stream()
                            .allMatch(s -> Networks.shared(List.of(s.address()), primaries, settings)
                                    .isPresent());
            if (allNear) {
                Map<String, String> evidence = new LinkedHashMap<>();
                evidence.put(
                        "name servers of " + authority.zone(),
                        servers.stream().map(NameServer::label).collect(Collectors.joining(", ")));
                evidence.put(
                        "primary",
                        primaries.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", ")));
                findings.add(Finding.of(
                        FindingType.DNS_SHARED_FATE_WITH_PRIMARY,
                        authority.zone().text(),
                        "Every name server of " + authority.zone() + " (" + use
                                + ") is in a network of the primary: if that dies, nobody finds the backup of "
                                + domain.name(),
                        evidence));
            }
        });
        return findings;
    }
}
