package org.understudy.probes.dns;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Finding;
import org.understudy.probes.FindingType;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.DomainName;
import org.xbill.DNS.Type;

/** Compares the MX records of further domains with those of the domain that they should follow. */
public final class SubdomainProbe extends DnsProbe {
    private final MailDomain domain;

    public SubdomainProbe(MailDomain domain, DnsSettings settings, Clock clock) {
        super(domain, "subdomains", settings, clock);
        this.domain = domain;
    }

    @Override
    void look(ResultBuilder result, Inquiry inquiry) {
        Optional<MxView> reference = view(inquiry, domain.name(), result);
        for (DomainName subdomain : domain.intent().subdomains()) {
            Optional<MxView> view = view(inquiry, subdomain, result);
            if (reference.isPresent()
                    && view.isPresent()
                    && !view.get().set().equals(reference.get().set())) {
                differs(result, subdomain, view.get(), reference.get());
            }
        }
    }

    private void differs(ResultBuilder result, DomainName subdomain, MxView view, MxView reference) {
        Map<String, String> evidence = new LinkedHashMap<>();
        evidence.put(view.server(), view.zoneLines(subdomain));
        evidence.put(reference.server(), reference.zoneLines(domain.name()));
        result.finding(Finding.of(
                        FindingType.SUBDOMAIN_MX_PARITY,
                        subdomain.text(),
                        subdomain + " has other MX records than " + domain.name(),
                        evidence)
                .withFix(reference.records().isEmpty() ? "" : reference.zoneLines(subdomain)));
    }

    /** The records as the first authoritative server that speaks has them, else the resolver. */
    private static Optional<MxView> view(Inquiry inquiry, DomainName name, ResultBuilder result) {
        Authority authority = inquiry.authority(name);
        Optional<MxView> view = inquiry.survey(authority, name, Type.MX).counting().stream()
                .findFirst()
                .map(v -> MxView.of(name + " at " + v.server(), v.answer()));
        if (view.isEmpty()) {
            DnsAnswer answer = inquiry.resolver(name, Type.MX);
            if (answer.isConclusive()) {
                view = Optional.of(MxView.of(name + " at the resolver", answer));
            } else {
                result.unknown("the MX records of " + name + " cannot be found out: " + answer.detail());
            }
        }
        view.ifPresent(v -> result.fact(v.server(), v.zoneLines(name)));
        return view;
    }
}
