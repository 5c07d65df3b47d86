package org.understudy.probes.dns;

import java.time.Clock;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.DomainProbe;
import org.understudy.probes.MailDomain;
import org.understudy.probes.ResultBuilder;
import org.understudy.smtp.Deadline;

/** Looks at a mail domain with questions to name servers. */
abstract class DnsProbe extends DomainProbe {
    private final DnsSettings settings;

    /** @param what last part of the probe's id */
    DnsProbe(MailDomain domain, String what, DnsSettings settings, Clock clock) {
        super("dns", domain.name(), what, clock);
        this.settings = settings;
    }

    @Override
    protected final void look(ResultBuilder result, Deadline deadline) {
        look(result, new Inquiry(settings, deadline));
    }

    /** Puts what is found into the result. */
    abstract void look(ResultBuilder result, Inquiry inquiry);
}
