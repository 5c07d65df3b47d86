package org.understudy.agent;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.understudy.agent.config.ProbesSection;
import org.understudy.agent.schedule.ScheduledProbe;
import org.understudy.probes.Baselines;
import org.understudy.probes.DnsSettings;
import org.understudy.probes.HostHistory;
import org.understudy.probes.MailDomain;
import org.understudy.probes.PrimarySight;
import org.understudy.probes.Probes;
import org.understudy.probes.SmtpProbeSettings;
import org.understudy.probes.SmtpProbes;

/**
 * The probes that look at a domain from outside and need nothing of it but its name: the agent runs them again and again, an
 * audit once. Immutable.
 */
public final class DomainProbes {
    private final ProbeRhythm rhythm;
    private final DnsSettings dns;
    private final SmtpProbes smtp;
    private final Baselines baselines;
    private final Clock clock;

    private DomainProbes(ProbesSection probes, DnsSettings dns, SmtpProbes smtp, Baselines baselines, Clock clock) {
        this.rhythm = new ProbeRhythm(probes);
        this.dns = dns;
        this.smtp = smtp;
        this.baselines = baselines;
        this.clock = clock;
    }

    /** As a configuration has them, for servers of which nothing is known from before. */
    public static DomainProbes of(AgentConfiguration configuration, Baselines baselines, Clock clock) {
        return of(configuration, baselines, HostHistory.inMemory(), clock);
    }

    /**
     * As a configuration has them.
     *
     * @param baselines what was normal before, so that changes are seen
     * @param history how servers have been answering
     */
    public static DomainProbes of(
            AgentConfiguration configuration, Baselines baselines, HostHistory history, Clock clock) {
        ProbesSection probes = configuration.probes();
        DnsSettings dns = configuration.dns().settings();
        SmtpProbeSettings settings = probes.sessions()
                .settings(configuration.agent().name(), probes.questions().toJavaDuration());
        return new DomainProbes(probes, dns, Probes.smtp(settings, dns, history, clock), baselines, clock);
    }

    /** What the probes of a domain have seen of its primary. */
    public PrimarySight sight(MailDomain domain) {
        return smtp.of(domain).sight();
    }

    /** All of one domain, with their rhythm. */
    public List<ScheduledProbe> of(MailDomain domain) {
        List<ScheduledProbe> probes = new ArrayList<>();
        addDns(domain, probes);
        addSmtp(domain, probes);
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

    private void addSmtp(MailDomain domain, List<ScheduledProbe> probes) {
        SmtpProbes.OfDomain ofDomain = smtp.of(domain);
        ofDomain.reachability().stream().map(rhythm::smtp).forEach(probes::add);
        ofDomain.questions().stream().map(rhythm::questions).forEach(probes::add);
        ofDomain.lineEnds().stream().map(rhythm::lineEnds).forEach(probes::add);
    }
}
