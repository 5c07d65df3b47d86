package org.understudy.probes.policy;

import java.net.InetAddress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PolicySettings;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.probes.Severity;
import org.understudy.probes.SpfCheck;
import org.understudy.probes.SpfCheck.Result;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.probes.dns.RecordLookup.Found;
import org.understudy.probes.policy.DmarcRecord.Policy;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;
import org.understudy.smtp.Mailbox;

/** Looks what backups may send in whose name: as the domain, which they need not, and as themselves, which they must. */
public final class SenderIdentityProbe extends PolicyProbe {
    private final SpfCheck spf;
    private final PolicySettings settings;

    public SenderIdentityProbe(MailDomain domain, DnsSettings dns, SpfCheck spf, PolicySettings settings, Clock clock) {
        super(domain, "spf", dns, clock);
        this.spf = spf;
        this.settings = settings;
    }

    @Override
    void look(ResultBuilder result, RecordLookup lookup, Deadline deadline) {
        boolean judged = false;
        for (Exchanger backup : mailDomain().exchangers(Role.BACKUP)) {
            Found<InetAddress> addresses = lookup.addresses(backup.host());
            if (!addresses.isKnown()) {
                result.unknown("the addresses of " + backup.host() + " cannot be found out: " + addresses.detail());
            }
            for (InetAddress address : addresses.values()) {
                if (deadline.isPassed()) {
                    result.unknown("the time was over before SPF was evaluated for " + address.getHostAddress());
                    return;
                }
                judged |= asTheDomain(result, lookup, backup.host(), address, judged);
                if (!settings.quietBackups().contains(backup.host())) {
                    asItself(result, lookup, backup.host(), address);
                }
            }
        }
    }

    /** @return true if the record itself is broken, which is said once for all backups */
    private boolean asTheDomain(
            ResultBuilder result, RecordLookup lookup, DomainName backup, InetAddress address, boolean broken) {
        Result answer = spf.check(address, new Mailbox("postmaster", domain().text()), backup.text());
        result.fact("SPF of " + domain() + " for " + backup + " [" + address.getHostAddress() + "]", answer.toString());
        if (answer == Result.TEMPERROR) {
            result.unknown("SPF of " + domain() + " cannot be evaluated now");
        } else if (answer == Result.PERMERROR && !broken) {
            result.finding(Finding.of(
                            FindingType.SPF_AUTHORISES_BACKUP_NEEDLESSLY,
                            domain().text(),
                            "SPF of " + domain()
                                    + " cannot be evaluated: it is not valid, or needs more than ten lookups",
                            evidence(lookup, domain(), answer, address))
                    .withSeverity(Severity.WARNING));
            return true;
        } else if (answer == Result.PASS && !backup.isWithin(domain())) {
            result.finding(Finding.of(
                    FindingType.SPF_AUTHORISES_BACKUP_NEEDLESSLY,
                    backup.text(),
                    "SPF of " + domain() + " lets the backup " + backup + " [" + address.getHostAddress()
                            + "] send as the domain",
                    evidence(lookup, domain(), answer, address)));
        }
        return false;
    }

    /** A notice has no reverse-path, so SPF looks at postmaster of the name in HELO (RFC 7208 section 2.4). */
    private void asItself(ResultBuilder result, RecordLookup lookup, DomainName backup, InetAddress address) {
        Result answer = spf.check(address, new Mailbox("postmaster", backup.text()), backup.text());
        result.fact("SPF of " + backup + " [" + address.getHostAddress() + "]", answer.toString());
        if (answer == Result.TEMPERROR) {
            result.unknown("SPF of " + backup + " cannot be evaluated now");
            return;
        }
        if (answer == Result.PASS) {
            return;
        }
        Optional<Policy> dmarc = dmarc(result, lookup, backup);
        boolean refused = dmarc.filter(p -> p != Policy.NONE).isPresent();
        boolean wrong = answer == Result.FAIL || answer == Result.SOFTFAIL || answer == Result.PERMERROR;
        if (!wrong && !refused) {
            return;
        }
        Map<String, String> evidence = new LinkedHashMap<>(evidence(lookup, backup, answer, address));
        dmarc.ifPresent(p -> evidence.put("DMARC policy for " + backup, p.toString()));
        result.finding(Finding.of(
                        FindingType.BACKUP_DSN_IDENTITY_UNAUTHENTICATED,
                        backup.text(),
                        "Notices of the backup " + backup + " [" + address.getHostAddress()
                                + "] are not proven to be its own: SPF says " + answer
                                + (refused ? ", and DMARC asks to refuse them" : ""),
                        evidence)
                .withFix(backup + ". IN TXT \"v=spf1 a -all\""));
    }

    /** Of the name, or of the first one above it that has a policy (RFC 9989, tree walk). */
    private static Optional<Policy> dmarc(ResultBuilder result, RecordLookup lookup, DomainName host) {
        String name = host.text();
        boolean own = true;
        while (name.indexOf('.') > 0) {
            Found<String> texts = lookup.texts(new DomainName("_dmarc." + name));
            if (!texts.isKnown()) {
                result.unknown("the DMARC policy of " + name + " cannot be found out: " + texts.detail());
                return Optional.empty();
            }
            Optional<DmarcRecord> record = DmarcRecord.among(texts.values());
            if (record.isPresent()) {
                return Optional.of(own ? record.get().own() : record.get().below());
            }
            name = name.substring(name.indexOf('.') + 1);
            own = false;
        }
        return Optional.empty();
    }

    private static Map<String, String> evidence(
            RecordLookup lookup, DomainName name, Result answer, InetAddress address) {
        List<String> records = lookup.texts(name).values().stream()
                .filter(t -> t.startsWith("v=spf1"))
                .toList();
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put(
                "TXT",
                records.isEmpty()
                        ? "no SPF record at " + name
                        : name + ". IN TXT \"" + String.join("\n", records) + "\"");
        evidence.put("result for " + address.getHostAddress(), answer.toString());
        return evidence;
    }
}
