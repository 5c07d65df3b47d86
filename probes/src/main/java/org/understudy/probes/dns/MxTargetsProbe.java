package org.understudy.probes.dns;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.Type;

/**
 * Looks at every exchanger that is listed or declared: at its name and addresses, as the servers of its own zone give them,
 * and at what the exchangers share.
 */
public final class MxTargetsProbe extends DnsProbe {
    private final MailDomain domain;
    private final TargetsJudge judge;

    public MxTargetsProbe(MailDomain domain, DnsSettings settings, Clock clock) {
        super(domain, "targets", settings, clock);
        this.domain = domain;
        this.judge = new TargetsJudge(domain, settings);
    }

    @Override
    void look(ResultBuilder result, Inquiry inquiry) {
        Authority authority = inquiry.authority(domain.name());
        if (!authority.isKnown()) {
            result.unknown(authority.trouble());
            return;
        }
        TargetSurvey survey = new TargetSurvey(domain, inquiry, result);
        List<Target> targets = new ArrayList<>();
        hosts(inquiry, authority, result).forEach((host, preference) -> targets.add(survey.look(host, preference)));
        targets.forEach(t -> result.fact(t.host().text(), String.join(", ", t.addressTexts())));
        judge.judge(targets).forEach(result::finding);
        Map<String, Authority> zones = new LinkedHashMap<>();
        ReverseCheck reverse = new ReverseCheck(inquiry, result);
        List<Target> backups = targets.stream().filter(Target::isBackup).toList();
        if (!backups.isEmpty()) {
            zones.put("the mail domain", authority);
        }
        for (Target backup : backups) {
            reverse.look(backup);
            if (!zones.containsValue(backup.authority())) {
                zones.put("the zone of " + backup.host(), backup.authority());
            }
        }
        judge.nameServers(zones, targets).forEach(result::finding);
    }

    /** All that are declared or listed and can have an address, with the lowest preference. */
    private Map<DomainName, Optional<Integer>> hosts(Inquiry inquiry, Authority authority, ResultBuilder result) {
        Map<DomainName, Optional<Integer>> hosts = new TreeMap<>();
        domain.exchangers().stream().map(Exchanger::host).forEach(h -> hosts.put(h, Optional.empty()));
        Survey survey = inquiry.survey(authority, domain.name(), Type.MX);
        DnsAnswer answer = survey.counting().stream()
                .map(Survey.Voice::answer)
                .findFirst()
                .orElseGet(() -> inquiry.resolver(domain.name(), Type.MX));
        if (!answer.isConclusive()) {
            result.unknown("the MX records of " + domain.name() + " cannot be found out: " + answer.detail());
        }
        for (MxView.Mx mx : MxView.of("", answer).records()) {
            // A null MX and what is no name are for the contract to judge.
            if (!mx.isNull()
                    && !mx.isVerification()
                    && !HostNames.isAddress(mx.target(), domain.name())
                    && HostNames.objection(mx.target(), domain.name()).isEmpty()) {
                hosts.merge(
                        new DomainName(mx.target()),
                        Optional.of(mx.preference()),
                        (a, b) -> a.isPresent() && a.get() <= b.orElseThrow() ? a : b);
            }
        }
        return hosts;
    }
}
