package org.understudy.probes.dns;

import java.time.Clock;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Probe;
import org.understudy.probes.ProbeResult;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;
import org.understudy.smtp.DomainName;

/** Looks at a mail domain with questions to name servers. */
abstract class DnsProbe implements Probe {
    private final MailDomain domain;
    private final String what;
    private final DnsSettings settings;
    private final Clock clock;

    /** @param what last part of the probe's id */
    DnsProbe(MailDomain domain, String what, DnsSettings settings, Clock clock) {
        this.domain = domain;
        this.what = what;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public final String id() {
        return "dns/" + domain.name() + "/" + what;
    }

    @Override
    public final DomainName domain() {
        return domain.name();
    }

    @Override
    public final ProbeResult run(Deadline deadline) {
        return ResultBuilder.of(this, clock, result -> look(result, new Inquiry(settings, deadline)));
    }

    /** Puts what is found into the result. */
    abstract void look(ResultBuilder result, Inquiry inquiry);
}
