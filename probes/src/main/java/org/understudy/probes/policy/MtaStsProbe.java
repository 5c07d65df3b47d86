package org.understudy.probes.policy;

import java.net.InetAddress;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.understudy.probes.Baselines;
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
import org.understudy.probes.dns.RecordLookup.State;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/**
 * Looks at the MTA-STS policy of a domain as senders do (RFC 8461): at its record on every authoritative server, at the policy
 * itself, and whether it lets senders deliver to every exchanger. A domain without the record has no policy, which is no fault.
 */
public final class MtaStsProbe extends PolicyProbe {
    private final PolicyHost host;
    private final StsHistory history;
    private final StsJudge judge;

    public MtaStsProbe(MailDomain domain, DnsSettings dns, PolicySettings settings, Baselines baselines, Clock clock) {
        super(domain, "mta-sts", dns, clock);
        this.host = new PolicyHost(settings);
        this.history = new StsHistory(recordName(domain.name()), baselines, clock);
        this.judge = new StsJudge(domain, clock);
    }

    static DomainName recordName(DomainName domain) {
        return new DomainName("_mta-sts." + domain);
    }

    @Override
    void look(ResultBuilder result, RecordLookup lookup, Deadline deadline) {
        DomainName name = recordName(domain());
        Map<String, List<String>> voices = new LinkedHashMap<>(lookup.textsEverywhere(name));
        if (voices.isEmpty()) {
            Found<String> texts = lookup.texts(name);
            if (!texts.isKnown()) {
                result.unknown("whether there is an MTA-STS policy cannot be found out: " + texts.detail());
                return;
            }
            voices.put("resolver", texts.values());
        }
        Map<String, String> evidence = evidence(name, voices);
        evidence.forEach(result::fact);
        Optional<StsRecord> record = record(result, name, voices, evidence);
        if (record.isPresent()) {
            policy(result, lookup, record.get(), evidence, deadline);
        }
    }

    private static Map<String, String> evidence(DomainName name, Map<String, List<String>> voices) {
        Map<String, String> evidence = new LinkedHashMap<>();
        voices.forEach((server, texts) -> evidence.put(
                server,
                texts.isEmpty()
                        ? "no TXT record at " + name
                        : texts.stream()
                                .map(t -> name + ". IN TXT \"" + t + "\"")
                                .collect(Collectors.joining("\n"))));
        return evidence;
    }

    /** The record that claims a policy; what is wrong with it goes into the result. */
    private Optional<StsRecord> record(
            ResultBuilder result, DomainName name, Map<String, List<String>> voices, Map<String, String> evidence) {
        Set<List<String>> sets = new HashSet<>();
        voices.values().forEach(texts -> sets.add(StsRecord.among(texts)));
        if (sets.size() > 1) {
            result.finding(Finding.of(
                    FindingType.MTA_STS_TXT_POLICY_OUT_OF_STEP,
                    name.text(),
                    "The authoritative servers give different MTA-STS records of " + domain(),
                    evidence));
        }
        List<String> all =
                voices.values().stream().flatMap(List::stream).distinct().toList();
        List<String> records = StsRecord.among(all);
        if (records.isEmpty()) {
            all.stream()
                    .filter(t -> t.strip().toLowerCase(Locale.ROOT).startsWith("v=sts"))
                    .findFirst()
                    .ifPresent(t -> result.finding(invalidRecord(name, "does not begin with v=STSv1;", evidence)));
            return Optional.empty();
        }
        if (sets.size() == 1 && records.size() > 1) {
            // RFC 8461 section 3.1: then there is no policy.
            result.finding(Finding.of(
                    FindingType.MTA_STS_TXT_POLICY_OUT_OF_STEP,
                    name.text(),
                    "There are " + records.size() + " MTA-STS records of " + domain()
                            + ", so that senders take it for a domain without a policy",
                    evidence));
        }
        StsRecord record = StsRecord.parse(records.get(0));
        if (!record.isValid()) {
            result.finding(invalidRecord(name, record.objection(), evidence));
        }
        return Optional.of(record);
    }

    private Finding invalidRecord(DomainName name, String objection, Map<String, String> evidence) {
        return Finding.of(
                        FindingType.MTA_STS_POLICY_INVALID,
                        name.text(),
                        "The MTA-STS record of " + domain() + " " + objection,
                        evidence)
                .withFix(judge.recordLine(name));
    }

    private void policy(
            ResultBuilder result,
            RecordLookup lookup,
            StsRecord record,
            Map<String, String> evidence,
            Deadline deadline) {
        Found<DomainName> listed = lookup.exchangers(domain());
        Set<DomainName> exchangers = exchangers(listed);
        DomainName policyHost = PolicyHost.name(domain());
        Found<InetAddress> addresses = lookup.addresses(policyHost);
        if (!addresses.isKnown()) {
            result.unknown("the addresses of " + policyHost + " cannot be found out: " + addresses.detail());
            return;
        }
        PolicyHost.Fetched fetched = addresses.state() == State.ABSENT
                ? new PolicyHost.Fetched(
                        Optional.empty(), "", "has nowhere to come from: " + policyHost + " has no address")
                : host.fetch(domain(), addresses.values(), deadline);
        if (fetched.body().isEmpty()) {
            result.finding(judge.unfetchable(fetched.trouble(), evidence, history.last(), exchangers));
            return;
        }
        String body = fetched.body().get();
        result.fact("policy", body);
        StsPolicy.Parsed parsed = StsPolicy.parse(body);
        judge.invalid(parsed, fetched.contentType(), body).ifPresent(result::finding);
        parsed.policy().ifPresent(policy -> {
            if (record.isValid()) {
                StsHistory.Change change = history.look(record.id(), policy);
                judge.outOfStep(record, change, policy, evidence).ifPresent(result::finding);
                judge.weak(policy, change.since()).ifPresent(result::finding);
            }
            judge.exchangers(policy, exchangers, body).forEach(result::finding);
            if (listed.isKnown()) {
                judge.unknownHosts(policy, exchangers, body).forEach(result::finding);
            }
        });
    }

    /** Those that are declared and those that senders are told of; nobody delivers to a tarpit. */
    private Set<DomainName> exchangers(Found<DomainName> listed) {
        Set<DomainName> exchangers = new LinkedHashSet<>();
        mailDomain().exchangers().stream()
                .filter(e -> e.role() != Role.TARPIT)
                .map(Exchanger::host)
                .forEach(exchangers::add);
        Set<DomainName> tarpits = mailDomain().exchangers(Role.TARPIT).stream()
                .map(Exchanger::host)
                .collect(Collectors.toSet());
        listed.values().stream().filter(h -> !tarpits.contains(h)).forEach(exchangers::add);
        return exchangers;
    }

    /** Severity of what keeps senders away, by the mode. */
    static Severity severity(StsPolicy.Mode mode) {
        return mode == StsPolicy.Mode.ENFORCE ? Severity.CRITICAL : Severity.WARNING;
    }
}
