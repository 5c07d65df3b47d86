package org.understudy.probes.dns;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.Baselines;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.Severity;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Compares the MX records, as every authoritative server and the resolvers give them, with the declared tiers. A fault that
 * one server shows is a fault: a share of the senders asks just that server.
 */
public final class MxContractProbe extends DnsProbe {
    private final MailDomain domain;
    private final MxJudge judge;
    private final TtlJudge ttls;
    private final MxDrift drift;
    private final ResolverComparison resolvers;

    public MxContractProbe(MailDomain domain, DnsSettings settings, Baselines baselines, Clock clock) {
        super(domain, "mx", settings, clock);
        this.domain = domain;
        this.judge = new MxJudge(domain);
        this.ttls = new TtlJudge(domain.intent().recoveryObjective());
        this.drift = new MxDrift(domain, baselines, clock);
        this.resolvers = new ResolverComparison(domain.name(), clock);
    }

    @Override
    void look(ResultBuilder result, Inquiry inquiry) {
        Authority authority = inquiry.authority(domain.name());
        if (!authority.isKnown()) {
            result.unknown(authority.trouble());
        }
        Survey survey = inquiry.survey(authority, domain.name(), Type.MX);
        for (Survey.Voice voice : survey.voices()) {
            result.fact(
                    voice.server().label(),
                    MxView.of(voice.server().label(), voice.answer()).zoneLines(domain.name()));
        }
        unreachable(result, survey);
        List<MxView> views = survey.counting().stream()
                .map(v -> MxView.of(v.server().label(), v.answer()))
                .toList();
        MxView resolver = MxView.of("resolver", inquiry.resolver(domain.name(), Type.MX));
        result.fact("resolver", resolver.zoneLines(domain.name()));
        if (views.isEmpty() && !resolver.answer().isConclusive()) {
            result.unknown("no server and no resolver says what the MX records of " + domain.name() + " are: "
                    + resolver.answer().detail());
            return;
        }
        // What the resolver has may be an older answer that it is entitled to keep; it counts where nobody else speaks.
        contract(result, views.isEmpty() ? List.of(resolver) : views);
        if (disagreement(result, inquiry, survey, views)) {
            return;
        }
        if (!views.isEmpty()) {
            lifetime(result, views);
            drift.look(views.get(0)).ifPresent(result::finding);
        }
        for (InetSocketAddress address : inquiry.resolvers()) {
            String label = "resolver " + address.getAddress().getHostAddress();
            resolvers
                    .look(address, MxView.of(label, inquiry.resolver(address, domain.name(), Type.MX)), views)
                    .ifPresent(result::finding);
        }
    }

    private void unreachable(ResultBuilder result, Survey survey) {
        List<Survey.Voice> silent = survey.silent();
        int left = survey.counting().size();
        if (left == 0) {
            // If none answers at all, our own network is the likelier culprit.
            survey.voices().stream()
                    .findFirst()
                    .ifPresent(
                            v -> result.unknown("no authoritative server answers: " + v.server() + ": " + v.trouble()));
            return;
        }
        for (Survey.Voice voice : silent) {
            result.finding(new Finding(
                    FindingType.AUTHORITATIVE_SERVER_UNREACHABLE,
                    left == 1 ? Severity.CRITICAL : Severity.WARNING,
                    voice.server().label(),
                    "The name server " + voice.server() + " does not answer for " + domain.name() + "; " + left + " of "
                            + survey.voices().size() + " do",
                    Map.of(voice.server().label(), voice.trouble())));
        }
    }

    private boolean disagreement(ResultBuilder result, Inquiry inquiry, Survey survey, List<MxView> views) {
        if (views.stream().map(MxView::set).distinct().count() < 2) {
            return false;
        }
        boolean orderDiffers = views.stream().map(judge::roleOrder).distinct().count() > 1;
        Map<String, String> evidence = new LinkedHashMap<>();
        for (Survey.Voice voice : survey.counting()) {
            String label = voice.server().label();
            // The serial number tells which server is behind.
            String serial = inquiry.authoritative(voice.server(), domain.name(), Type.SOA).records().stream()
                    .map(Record::toString)
                    .findFirst()
                    .map(soa -> "\n" + soa)
                    .orElse("");
            evidence.put(label, MxView.of(label, voice.answer()).zoneLines(domain.name()) + serial);
        }
        result.finding(new Finding(
                FindingType.AUTHORITATIVE_SERVERS_DISAGREE,
                orderDiffers ? Severity.CRITICAL : Severity.WARNING,
                domain.name().text(),
                "The authoritative servers of " + domain.name() + " give different MX records",
                evidence,
                DeclaredZone.lines(domain)));
        return true;
    }

    /** The same fault on several servers is one finding with the evidence of each. */
    private void contract(ResultBuilder result, List<MxView> views) {
        List<Finding> merged = new ArrayList<>();
        for (MxView view : views) {
            for (Finding finding : judge.judge(view)) {
                Optional<Finding> same = merged.stream()
                        .filter(f -> f.type() == finding.type() && f.subject().equals(finding.subject()))
                        .findFirst();
                same.ifPresentOrElse(f -> merged.set(merged.indexOf(f), merge(f, finding)), () -> merged.add(finding));
            }
        }
        merged.forEach(result::finding);
    }

    private static Finding merge(Finding a, Finding b) {
        Map<String, String> evidence = new LinkedHashMap<>(a.evidence());
        evidence.putAll(b.evidence());
        Severity worse = a.severity().compareTo(b.severity()) >= 0 ? a.severity() : b.severity();
        return new Finding(a.type(), worse, a.subject(), a.summary(), evidence, a.fix());
    }

    private void lifetime(ResultBuilder result, List<MxView> views) {
        if (!domain.intent().mail()) {
            return;
        }
        Map<String, String> evidence = new LinkedHashMap<>();
        views.forEach(v -> evidence.put(v.server(), v.zoneLines(domain.name())));
        List<Long> seconds = views.stream()
                .flatMap(v -> v.records().stream())
                .map(MxView.Mx::ttl)
                .toList();
        ttls.judge(domain.name() + " MX", seconds, evidence)
                .map(f -> f.withFix(DeclaredZone.lines(domain)))
                .ifPresent(result::finding);
    }
}
