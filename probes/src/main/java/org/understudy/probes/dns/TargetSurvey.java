package org.understudy.probes.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.understudy.probes.Exchanger;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Role;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Looks one exchanger up at the servers of its own zone, and judges what they say of its name. Confined to one run. */
final class TargetSurvey {
    private final MailDomain domain;
    private final Inquiry inquiry;
    private final TtlJudge ttls;
    private final ResultBuilder result;

    TargetSurvey(MailDomain domain, Inquiry inquiry, ResultBuilder result) {
        this.domain = domain;
        this.inquiry = inquiry;
        this.ttls = new TtlJudge(domain.intent().recoveryObjective());
        this.result = result;
    }

    /** Everything that DNS says of a host; findings and what cannot be found out go into the result. */
    Target look(DomainName host, Optional<Integer> preference) {
        Authority authority = inquiry.authority(host);
        if (!authority.isKnown()) {
            result.unknown(authority.trouble());
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        List<InetAddress> addresses = new ArrayList<>();
        boolean alias = false;
        boolean missing = true;
        boolean complete = true;
        for (int type : new int[] {Type.A, Type.AAAA}) {
            Survey survey = inquiry.survey(authority, host, type);
            survey.voices().forEach(v -> evidence.merge(v.server().label(), text(v), (a, b) -> a + "\n" + b));
            alias |= alias(survey);
            if (!alias) {
                disagreement(host, type, survey);
                lifetime(host, type, survey);
            }
            DnsAnswer answer = answer(survey, host, type, alias);
            missing &= answer.status() == DnsAnswer.Status.NAME_DOES_NOT_EXIST;
            if (answer.isConclusive()) {
                addresses.addAll(Inquiry.addresses(answer.records()));
            } else {
                complete = false;
                result.unknown("the addresses of " + host + " cannot be found out: " + answer.detail());
            }
        }
        addresses.sort(Comparator.comparing(InetAddress::getHostAddress));
        Target target = new Target(host, preference, role(host), authority, addresses, complete, evidence);
        if (alias) {
            aliasFound(target);
        }
        if (addresses.isEmpty() && complete) {
            withoutAddress(target, missing);
        }
        return target;
    }

    private Optional<Role> role(DomainName host) {
        return domain.exchangers().stream()
                .filter(e -> e.host().equals(host))
                .map(Exchanger::role)
                .findFirst();
    }

    /** Of the servers of its zone if they speak; an alias leads elsewhere, and the resolver follows it. */
    private DnsAnswer answer(Survey survey, DomainName host, int type, boolean alias) {
        return alias || survey.counting().isEmpty()
                ? inquiry.resolver(host, type)
                : survey.counting().get(0).answer();
    }

    private static String text(Survey.Voice voice) {
        DnsAnswer answer = voice.answer();
        if (!answer.isConclusive() || answer.records().isEmpty()) {
            return answer.detail();
        }
        return answer.records().stream().map(Record::toString).collect(Collectors.joining("\n"));
    }

    private static boolean alias(Survey survey) {
        return survey.voices().stream()
                .flatMap(v -> v.answer().records().stream())
                .anyMatch(r -> r.getType() == Type.CNAME);
    }

    private void aliasFound(Target target) {
        String fix = target.addresses().stream()
                .map(a -> target.host() + ". 3600 IN " + (a instanceof Inet4Address ? "A " : "AAAA ")
                        + a.getHostAddress())
                .collect(Collectors.joining("\n"));
        result.finding(Finding.of(
                        FindingType.MX_TARGET_IS_CNAME,
                        target.host().text(),
                        target.host() + " is an alias: an MX record must name the host itself",
                        target.evidence())
                .withFix(fix));
    }

    private void disagreement(DomainName host, int type, Survey survey) {
        Map<TreeSet<String>, Integer> sets = new HashMap<>();
        Map<String, String> evidence = new LinkedHashMap<>();
        for (Survey.Voice voice : survey.counting()) {
            sets.merge(
                    voice.answer().records().stream()
                            .map(Record::rdataToString)
                            .collect(Collectors.toCollection(TreeSet::new)),
                    1,
                    Integer::sum);
            evidence.put(voice.server().label(), text(voice));
        }
        if (sets.size() > 1) {
            result.finding(Finding.of(
                    FindingType.AUTHORITATIVE_SERVERS_DISAGREE,
                    host + " " + Type.string(type),
                    "The authoritative servers give different addresses of " + host,
                    evidence));
        }
    }

    private void lifetime(DomainName host, int type, Survey survey) {
        Map<String, String> evidence = new LinkedHashMap<>();
        survey.counting().forEach(v -> evidence.put(v.server().label(), text(v)));
        List<Long> seconds = survey.counting().stream()
                .flatMap(v -> v.answer().records().stream())
                .map(Record::getTTL)
                .toList();
        ttls.judge(host + " " + Type.string(type), seconds, evidence).ifPresent(result::finding);
    }

    private void withoutAddress(Target target, boolean missing) {
        Map<String, String> evidence = new LinkedHashMap<>(target.evidence());
        Optional<String> unregistered = missing ? unregistered(target, evidence) : Optional.empty();
        if (unregistered.isPresent()) {
            result.finding(Finding.of(
                            FindingType.MX_TARGET_DANGLING,
                            target.host().text(),
                            "Nobody owns " + unregistered.get() + ", which the exchanger " + target.host()
                                    + " is in: whoever registers it receives the mail",
                            evidence)
                    .withFix("; remove: " + domain.name() + ". IN MX "
                            + target.preference().map(p -> p + " ").orElse("") + target.host() + "."));
            return;
        }
        result.finding(Finding.of(
                        FindingType.MX_TARGET_NO_ADDRESS,
                        target.host().text(),
                        target.host() + " has neither an A nor an AAAA record",
                        target.evidence())
                .withFix(target.host() + ". 3600 IN A <its address>"));
    }

    /**
     * The name that somebody could register to take the exchanger over: its servers' zone is a registry, and at least two of
     * them, or all if there is one, say that the name below it does not exist.
     */
    private Optional<String> unregistered(Target target, Map<String, String> evidence) {
        DomainName zone = target.authority().zone();
        if (zone.isWithin(domain.name()) || !Registries.isRegistry(zone)) {
            return Optional.empty();
        }
        String[] labels = target.host().text().split("\\.", -1);
        int depth = zone.text().split("\\.", -1).length;
        String name = labels[labels.length - depth - 1] + "." + zone;
        List<Survey.Voice> denying =
                inquiry.survey(target.authority(), new DomainName(name), Type.SOA).counting().stream()
                        .filter(v -> v.answer().status() == DnsAnswer.Status.NAME_DOES_NOT_EXIST)
                        .toList();
        denying.forEach(
                v -> evidence.put(v.server().label() + " on " + name, v.answer().detail()));
        int needed = Math.min(2, target.authority().servers().size());
        return denying.isEmpty() || denying.size() < needed ? Optional.empty() : Optional.of(name);
    }
}
