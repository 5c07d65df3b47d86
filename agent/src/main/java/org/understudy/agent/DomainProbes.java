package org.understudy.agent;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.understudy.agent.config.ProbesSection;
import org.understudy.agent.schedule.ScheduledProbe;
import org.understudy.probes.Baselines;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.Exchanger;
import org.understudy.probes.MailDomain;
import org.understudy.probes.Probes;
import org.understudy.probes.Role;
import org.understudy.smtp.SmtpClientSettings;
import org.understudy.smtp.SmtpTimeouts;
import org.understudy.smtp.TlsPolicy;

/**
 * The probes that look at a domain from outside and need nothing of it but its name: the agent runs them again and again, an
 * audit once. Immutable.
 */
public final class DomainProbes {
    private final ProbeRhythm rhythm;
    private final DnsSettings dns;
    private final SmtpClientSettings client;
    private final Baselines baselines;
    private final Clock clock;

    private DomainProbes(
            ProbesSection probes, DnsSettings dns, SmtpClientSettings client, Baselines baselines, Clock clock) {
        this.rhythm = new ProbeRhythm(probes);
        this.dns = dns;
        this.client = client;
        this.baselines = baselines;
        this.clock = clock;
    }

    /**
     * As a configuration has them.
     *
     * @param baselines what was normal before, so that changes are seen
     */
    public static DomainProbes of(AgentConfiguration configuration, Baselines baselines, Clock clock) {
        return new DomainProbes(
                configuration.probes(),
                configuration.dns().settings(),
                new SmtpClientSettings(configuration.agent().name(), TlsPolicy.OPPORTUNISTIC, SmtpTimeouts.probing()),
                baselines,
                clock);
    }

    /** All of one domain, with their rhythm. */
    public List<ScheduledProbe> of(MailDomain domain) {
        List<ScheduledProbe> probes = new ArrayList<>();
        addDns(domain, probes);
        domain.exchangers().stream()
                .filter(exchanger -> exchanger.role() != Role.TARPIT)
                .forEach(exchanger -> addSmtp(domain, exchanger, probes));
        return probes;
    }

    private void addDns(MailDomain domain, List<ScheduledProbe> probes) {
        probes.add(rhythm.mxContract(Probes.mxContract(domain, dns, baselines, clock)));
        probes.add(rhythm.mxContract(Probes.mxTargets(domain, dns, clock)));
        probes.add(rhythm.mxContract(Probes.delegation(domain, dns, clock)));
        if (!domain.intent().subdomains().isEmpty()) {
            probes.add(rhythm.mxContract(Probes.subdomains(domain, dns, clock)));
        }
        if (!dns.trustAnchors().isEmpty()) {
            probes.add(rhythm.mxContract(Probes.dnssec(domain, dns, clock)));
        }
    }

    private void addSmtp(MailDomain domain, Exchanger exchanger, List<ScheduledProbe> probes) {
        probes.add(rhythm.smtp(Probes.smtp(domain, exchanger, dns, client, clock)));
    }
}
