package org.understudy.probes.policy;

import java.time.Clock;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.smtp.Deadline;

/** Looks at something that a domain publishes. */
abstract class PolicyProbe extends DomainProbe {
    private final MailDomain domain;
    private final DnsSettings dns;

    /** @param what last part of the probe's id */
    PolicyProbe(MailDomain domain, String what, DnsSettings dns, Clock clock) {
        super("policy", domain.name(), what, clock);
        this.domain = domain;
        this.dns = dns;
    }

    final MailDomain mailDomain() {
        return domain;
    }

    @Override
    protected final void look(ResultBuilder result, Deadline deadline) {
        look(result, new RecordLookup(dns, deadline), deadline);
    }

    /** Puts what is found into the result. */
    abstract void look(ResultBuilder result, RecordLookup lookup, Deadline deadline);
}
