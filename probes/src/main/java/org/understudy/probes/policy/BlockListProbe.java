package org.understudy.probes.policy;

import java.net.InetAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.probes.dns.RecordLookup.Found;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Looks whether the backups of a domain are on DNS block lists, on those only that the operator has named. */
public final class BlockListProbe extends PolicyProbe {
    private final BlockLists lists;
    private final PolicySettings settings;

    /** @param lists shared by all domains */
    public BlockListProbe(MailDomain domain, DnsSettings dns, BlockLists lists, PolicySettings settings, Clock clock) {
        super(domain, "dnsbl", dns, clock);
        this.lists = lists;
        this.settings = settings;
    }

    @Override
    void look(ResultBuilder result, RecordLookup lookup, Deadline deadline) {
        for (Exchanger backup : mailDomain().exchangers(Role.BACKUP)) {
            Found<InetAddress> addresses = lookup.addresses(backup.host());
            if (!addresses.isKnown()) {
                result.unknown("the addresses of " + backup.host() + " cannot be found out: " + addresses.detail());
            }
            for (InetAddress address : addresses.values()) {
                judge(result, backup.host(), address, lists.ask(lookup, address, deadline));
            }
        }
    }

    private void judge(
            ResultBuilder result, DomainName backup, InetAddress address, Map<DomainName, BlockList.Answer> answers) {
        Map<String, String> evidence = new LinkedHashMap<>();
        boolean refused = false;
        for (Map.Entry<DomainName, BlockList.Answer> entry : answers.entrySet()) {
            BlockList.Answer answer = entry.getValue();
            String zone = entry.getKey().text();
            result.fact(
                    zone + " on " + address.getHostAddress(),
                    answer.trouble().isEmpty() ? answer.text() : answer.trouble());
            if (!answer.trouble().isEmpty()) {
                result.unknown(answer.trouble());
            } else if (answer.listed()) {
                evidence.put(zone, answer.text());
                refused |= settings.primarysBlockLists().contains(entry.getKey());
            }
        }
        if (!evidence.isEmpty()) {
            result.finding(Finding.of(
                            FindingType.BACKUP_ON_DNSBL,
                            backup + " [" + address.getHostAddress() + "]",
                            "The backup " + backup + " [" + address.getHostAddress() + "] is on "
                                    + String.join(", ", evidence.keySet())
                                    + (refused ? ", which the primary refuses mail by" : ""),
                            evidence)
                    .withSeverity(refused ? Severity.CRITICAL : Severity.WARNING));
        }
    }
}
