package org.understudy.probes.policy;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.probes.dns.RecordLookup.Found;
import org.understudy.probes.dns.RecordLookup.State;
import org.understudy.probes.policy.TlsRptRecord.Destination;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Looks whether senders that cannot deliver over TLS know whom to tell (RFC 8460). */
public final class TlsRptProbe extends PolicyProbe {

    public TlsRptProbe(MailDomain domain, DnsSettings dns, Clock clock) {
        super(domain, "tls-rpt", dns, clock);
    }

    @Override
    void look(ResultBuilder result, RecordLookup lookup, Deadline deadline) {
        DomainName name = new DomainName("_smtp._tls." + domain());
        Found<String> texts = lookup.texts(name);
        if (!texts.isKnown()) {
            result.unknown("where TLS reports go cannot be found out: " + texts.detail());
            return;
        }
        Map<String, String> evidence = Map.of(
                "resolver",
                texts.values().isEmpty()
                        ? "no TXT record at " + name
                        : texts.values().stream()
                                .map(t -> name + ". IN TXT \"" + t + "\"")
                                .collect(Collectors.joining("\n")));
        evidence.forEach(result::fact);
        List<String> records = TlsRptRecord.among(texts.values());
        if (records.isEmpty()) {
            missing(result, lookup, name, texts, evidence);
        } else if (records.size() > 1) {
            result.finding(
                    finding(name, "There are " + records.size() + " TLS reporting records of " + domain(), evidence));
        } else {
            TlsRptRecord record = TlsRptRecord.parse(records.get(0));
            if (record.isValid()) {
                destinations(result, lookup, name, record, evidence);
            } else {
                result.finding(
                        finding(name, "The TLS reporting record of " + domain() + " " + record.objection(), evidence));
            }
        }
    }

    private Finding finding(DomainName name, String summary, Map<String, String> evidence) {
        return Finding.of(FindingType.TLSRPT_MISSING_OR_UNUSABLE, name.text(), summary, evidence)
                .withFix(name + ". IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@<another domain>\"");
    }

    /** Without a policy that asks for TLS senders have nothing to report. */
    private void missing(
            ResultBuilder result,
            RecordLookup lookup,
            DomainName name,
            Found<String> texts,
            Map<String, String> evidence) {
        boolean meant = texts.values().stream()
                .anyMatch(t -> t.strip().toLowerCase(Locale.ROOT).startsWith("v=tlsrpt"));
        if (meant) {
            result.finding(finding(
                    name, "The TLS reporting record of " + domain() + " does not begin with v=TLSRPTv1;", evidence));
            return;
        }
        Found<String> sts = lookup.texts(MtaStsProbe.recordName(domain()));
        if (!sts.isKnown()) {
            result.unknown("whether there is an MTA-STS policy cannot be found out: " + sts.detail());
        } else if (!StsRecord.among(sts.values()).isEmpty()) {
            result.finding(finding(
                    name, domain() + " has an MTA-STS policy, and nobody is told when senders fail by it", evidence));
        }
    }

    private void destinations(
            ResultBuilder result,
            RecordLookup lookup,
            DomainName name,
            TlsRptRecord record,
            Map<String, String> evidence) {
        for (Destination destination : record.destinations()) {
            Found<?> reached =
                    destination.mail() ? lookup.exchangers(destination.host()) : lookup.addresses(destination.host());
            if (reached.state() == State.ABSENT && destination.mail()) {
                // RFC 5321 section 5.1: the address of the domain itself.
                reached = lookup.addresses(destination.host());
            }
            if (!reached.isKnown()) {
                result.unknown(destination.host() + " cannot be looked up: " + reached.detail());
            } else if (reached.state() == State.ABSENT) {
                result.finding(finding(
                        name,
                        "TLS reports to " + destination.uri() + " reach nobody: there is no such host",
                        evidence));
            }
        }
        boolean allHere = record.destinations().stream()
                .allMatch(d -> d.mail() && d.host().isWithin(domain()));
        if (allHere) {
            result.finding(
                    finding(name, "TLS reports go to " + domain() + " itself, and are late when its mail is", evidence)
                            .withSeverity(Severity.INFO));
        }
    }
}
