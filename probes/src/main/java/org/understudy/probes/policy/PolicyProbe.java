package org.understudy.probes.policy;

import java.time.Clock;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.ResultBuilder;
import org.understudy.probes.dns.RecordLookup;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Looks at something that a domain publishes. */
abstract class PolicyProbe implements Probe {
    private final MailDomain domain;
    private final String what;
    private final DnsSettings dns;
    private final Clock clock;

    /** @param what last part of the probe's id */
    PolicyProbe(MailDomain domain, String what, DnsSettings dns, Clock clock) {
        this.domain = domain;
        this.what = what;
        this.dns = dns;
        this.clock = clock;
    }

    @Override
    public final String id() {
        return "policy/" + domain.name() + "/" + what;
    }

    @Override
    public final DomainName domain() {
        return domain.name();
    }

    final MailDomain mailDomain() {
        return domain;
    }

    @Override
    public final ProbeResult run(Deadline deadline) {
        return ResultBuilder.of(this, clock, result -> look(result, new RecordLookup(dns, deadline), deadline));
    }

    /** Puts what is found into the result. */
    abstract void look(ResultBuilder result, RecordLookup lookup, Deadline deadline);
}
